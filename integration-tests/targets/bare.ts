/** An address without a slash at its end. */
export const bare = (url: string) => url.replace(/\/$/, '');
