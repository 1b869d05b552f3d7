import { isMet, type Target } from './arithmetic'

/** A figure of the report. */
export type Figure = {
  readonly name: string
  readonly what: string
  /** What was measured, in words: "21,300 /s", "0.21 ms against 0.20 ms". */
  readonly measured: string
  /** The ratio, or another number that the report is about. */
  readonly value: number
  readonly target: Target | null
}

const RATIO_PLACES = 2

/** The figures as a table: figure, what was measured, ratio, target, met or not. */
export function tableOf(figures: readonly Figure[]): string {
  const head = ['figure', 'what', 'measured', 'value', 'target', '']
  const rows = figures.map((figure) => [
    figure.name,
    figure.what,
    figure.measured,
    figure.value.toFixed(RATIO_PLACES),
    targetText(figure.target),
    verdict(figure),
  ])
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** The figures by name, for a program. */
export function valuesOf(figures: readonly Figure[]): Readonly<Record<string, number>> {
  return Object.fromEntries(figures.map(({ name, value }) => [name, value]))
}

/** The names of the figures that miss their target. */
export function missedOf(figures: readonly Figure[]): readonly string[] {
  return figures.flatMap(({ name, value, target }) => (target === null || isMet(value, target) ? [] : [name]))
}

function targetText(target: Target | null): string {
  if (target === null) return ''
  return 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`
}

function verdict({ value, target }: Figure): string {
  if (target === null) return ''
  return isMet(value, target) ? 'met' : 'NOT MET'
}
