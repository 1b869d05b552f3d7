import { mkdtemp, open, readdir, readFile, rm, statfs } from 'node:fs/promises'
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os'
import path from 'node:path'

import { median } from './arithmetic'

const FLUSHES = 200
const MEMORY_FILE_SYSTEM = 0x01021994
/** Linux counts CPU time in hundredths of a second. */
const TICKS_PER_SECOND = 100

/** What the figures were measured on. */
export type Machine = Readonly<Record<'processor' | 'cores' | 'memory' | 'disk' | 'system' | 'node' | 'load', string>>

/** Describes this machine and the disk under a folder. */
export async function describeMachine(folder: string): Promise<Machine> {
  const [first] = cpus()
  const { type } = await statfs(folder)
  const flushMs = await flushTime(folder)
  return {
    processor: first?.model.trim() ?? 'unknown',
    cores: String(cpus().length),
    memory: `${(totalmem() / 2 ** 30).toFixed(0)} GB`,
    disk: `${type === MEMORY_FILE_SYSTEM ? 'in memory: NOT durable, ' : ''}8 kB written and flushed in ${flushMs.toFixed(2)} ms (median)`,
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    load: loadavg()
      .map((value) => value.toFixed(1))
      .join(' '),
  }
}

/** The CPU time in seconds that a process has used so far, or null where there is no /proc. */
export async function cpuOf(pid: number): Promise<number | null> {
  const stat = await readStat(pid)
  return stat === null ? null : stat.own / TICKS_PER_SECOND
}

/** The CPU time in seconds that PostgreSQL has used so far, with every backend that it ever had; null where there is no /proc. */
export async function cpuOfPostgres(postmaster: number): Promise<number | null> {
  const stat = await readStat(postmaster)
  if (stat === null) return null
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const stats = await Promise.all(processes.map(readStat))
  const living = stats
    .filter((other) => other?.parent === postmaster)
    .reduce((sum, other) => sum + (other?.own ?? 0), 0)
  return (stat.own + stat.ended + living) / TICKS_PER_SECOND
}

/** The process of the server whose data live in a folder. */
export async function postmasterOf(folder: string): Promise<number> {
  const [pid = ''] = (await readFile(path.join(folder, 'postmaster.pid'), 'utf8')).split('\n')
  return parseInt(pid, 10)
}

async function readStat(pid: number): Promise<{ parent: number; own: number; ended: number } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (text === null) return null
  // The name may contain anything, so the fields are counted from the parenthesis that closes it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const field = (place: number) => Number(fields[place] ?? 0)
  return { parent: field(1), own: field(11) + field(12), ended: field(13) + field(14) }
}

async function flushTime(folder: string): Promise<number> {
  const own = await mkdtemp(path.join(folder, 'flush-'))
  const file = await open(path.join(own, 'file'), 'w')
  const page = Buffer.alloc(8192, 1)
  const times: number[] = []
  try {
    await file.write(Buffer.alloc(8192 * FLUSHES))
    await file.sync()
    for (let flush = 0; flush < FLUSHES; flush += 1) {
      const start = performance.now()
      await file.write(page, 0, page.length, flush * page.length)
      await file.datasync()
      times.push(performance.now() - start)
    }
  } finally {
    await file.close()
    await rm(own, { recursive: true })
  }
  return median(times)
}
