import type { Metadata, Viewport } from 'next'
import localFont from 'next/font/local'
import { RouteFocus } from '@/components/layout/route-focus'
import { SkipLink } from '@/components/layout/skip-link'
import { THEME_SCRIPT } from '@/components/layout/theme'
import './globals.css'

// Latin subsets of Geist (SIL Open Font License, see fonts/OFL.txt): 49 KB together, so both fit the budget of 60 KB.
const sans = localFont({
  src: './fonts/geist-latin.woff2',
  variable: '--font-geist',
  weight: '400 600',
  display: 'swap',
})
const mono = localFont({
  src: './fonts/geist-mono-latin.woff2',
  variable: '--font-geist-mono',
  weight: '400',
  display: 'swap',
  preload: false,
})

export const metadata: Metadata = {
  title: { default: 'Purser', template: '%s · Purser' },
  description: 'Prepaid credits: balance, purchases and the reason behind every charge.',
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#0d1015' },
  ],
}

export default function RootLayout({ children }: { readonly children: React.ReactNode }) {
  return (
    <html lang="en" className={`${sans.variable} ${mono.variable}`} suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
      </head>
      <body>
        <SkipLink />
        {children}
        <RouteFocus />
      </body>
    </html>
  )
}
