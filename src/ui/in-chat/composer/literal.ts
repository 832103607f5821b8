/** Marks text that the page's editor keeps as it is, instead of reading Markdown in it (docs/site.md, K4 and K5). */
const LITERAL = 'data-prompt-literal-paste';

/** Editors that read Markdown in what is typed, and may write backslashes before its signs when it is sent: all forms of K1. */
const MARKDOWN_EDITOR =
  '.ProseMirror, #prompt-textarea, [data-composer-markdown], form[data-chatgpt-composer] *, form[data-thread-find-composer="true"] *';

/** What Markdown makes of a text: none of it stands in a composer unless something was read as that. */
const FORMATTED = 'ul, ol, li, strong, em, b, i, s, del, code, pre, blockquote, h1, h2, h3, h4, h5, h6, hr';

/**
 * Signs that begin or end something in Markdown, wherever they stand; what makes something of its line or of the one above it
 * (CommonMark 0.31.2, 4.1 to 5.3); and what prosemirror-markdown writes a backslash before (any `-` that begins a line).
 */
const SIGNS =
  /[*_`~\\[\]<>#|$&]|^[ \t]*(?:-|\+(?:\s|$)|\d{1,9}[.)](?:\s|$)|=+[ \t]*$)|^(?: {4}| {0,3}\t)|(?:https?:|www\.)/mu;

/** Whether an editor is known to change the signs of Markdown in what is typed into it. */
export const readsMarkdown = (editor: Element): boolean => editor.matches(MARKDOWN_EDITOR);

/** Whether a text says something else when it is read as Markdown. */
export const hasMarkdown = (text: string): boolean => SIGNS.test(text);

export const formattedCount = (editor: Element): number => editor.querySelectorAll(FORMATTED).length;

/** How much of an editor's text is marked as it is, blanks left out. */
export const literalLength = (editor: Element): number =>
  [...editor.querySelectorAll(`[${LITERAL}]`)]
    .filter((part) => part.parentElement?.closest(`[${LITERAL}]`) === null)
    .reduce((length, part) => length + bareLength(part.textContent), 0);

export const bareLength = (text: string): number => text.replaceAll(/\s/gu, '').length;

/** Markup for the editor that it takes as a text that was pasted. */
export function literalMarkup(document: Document, text: string): string {
  const literal = document.createElement('span');
  literal.setAttribute(LITERAL, '');
  for (const [at, line] of text.split(/\r\n?|\n/u).entries()) {
    if (at > 0) literal.append(document.createElement('br'));
    literal.append(line);
  }
  return literal.outerHTML;
}
