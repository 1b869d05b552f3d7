/** The cookie that keeps a chosen theme. No cookie means: follow the system. */
export const THEME_COOKIE = 'theme'

/**
 * Runs before the first paint, so a dark page never flashes white. It reads the cookie in the browser rather than on the
 * server: the document stays the same for everybody.
 */
export const THEME_SCRIPT = `(function(){var m=document.cookie.match(/(?:^|; )${THEME_COOKIE}=(light|dark)/);if(m)document.documentElement.dataset.theme=m[1]})()`
