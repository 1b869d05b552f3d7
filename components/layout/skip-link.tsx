/** First stop of the keyboard on every page: jumps over the navigation to `<main id="content">`. */
export function SkipLink() {
  return (
    <a
      href="#content"
      className="rounded-control bg-accent-button text-on-fill sr-only z-50 px-4 py-2 font-medium focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
    >
      Skip to content
    </a>
  )
}
