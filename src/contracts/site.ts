/** The only origins of the web that this product touches. */
export const SITE_ORIGINS: readonly string[] = ['https://chatgpt.com', 'https://chat.openai.com'];
