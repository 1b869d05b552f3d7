/** Above every page of a test billing account: nothing here is real money. */
export function TestModeRibbon() {
  return (
    <section
      aria-label="Test mode"
      className="border-line bg-warning-tint text-warning border-b px-4 py-1.5 text-center text-sm font-medium"
    >
      <p>Test mode. No real money moves.</p>
    </section>
  )
}
