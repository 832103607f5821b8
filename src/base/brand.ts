/** A string (or number) that was made in one place and cannot be mixed up with another. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };
