import { FOREIGN_KEYS, LONGEST_NAME, type Schema, type TableClass } from './schema-rules'

/** A migration folder: its name and the text of its migration.sql. */
export type Migration = { readonly name: string; readonly sql: string }

const TOKEN = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|;|[^;'"$/-]+|[\s\S]/g
const TABLE = '(?:"?\\w+"?\\.)?"?(\\w+)"?'
const CREATES_TABLE = new RegExp(`^CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?${TABLE}`, 'i')
const DROPS_TABLE = new RegExp(`^DROP TABLE (?:IF EXISTS )?${TABLE}`, 'i')
const UNIQUE_INDEX = new RegExp(
  `^CREATE UNIQUE INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?\\S+ ON (?:ONLY )?${TABLE} ?(?:USING \\w+ ?)?\\(([^)]*)`,
  'i',
)
const CHANGES = [
  new RegExp(`^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?${TABLE}`, 'i'),
  new RegExp(`^CREATE (?:UNIQUE )?INDEX .*? ON (?:ONLY )?${TABLE}`, 'i'),
  new RegExp(`^(?:CREATE (?:OR REPLACE )?|DROP )(?:CONSTRAINT )?TRIGGER .*? ON ${TABLE}`, 'i'),
  new RegExp(`^(?:UPDATE|DELETE FROM|INSERT INTO|TRUNCATE(?: TABLE)?) (?:ONLY )?${TABLE}`, 'i'),
  DROPS_TABLE,
]
const NAMED = /\bCONSTRAINT "?(\w+)"?|\bINDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?"?(?!ON\b|IF\b)(\w+)"?/gi
const KEY = /\b(?:PRIMARY KEY|UNIQUE(?: NULLS NOT DISTINCT)?) ?\(([^)]*)\)/gi
const COLUMN_KEY = /\b(?:PRIMARY KEY|UNIQUE(?: NULLS NOT DISTINCT)?)(?! ?\(| NULLS| INDEX)/i
const FOREIGN_KEY = new RegExp(
  `\\bFOREIGN KEY ?\\(([^)]*)\\) ?REFERENCES ${TABLE} ?(?:\\(([^)]*)\\))?((?: ?(?:ON|MATCH|NOT|NO|SET|DELETE|UPDATE|ACTION|NULL|DEFAULT|CASCADE|RESTRICT|SIMPLE|FULL))*)`,
  'gi',
)
const COLUMN_REFERENCE = /(?<!\) ?)\bREFERENCES\b/i

/**
 * Checks migrations, in the order of their names, against rules 1–4 and 10 of docs/scaling.md. Returns a sentence for
 * each thing that breaks one. The schema says which table is of which class.
 */
export function checkMigrations(migrations: readonly Migration[], schema: Schema): string[] {
  const classes = new Map(schema.models.flatMap(({ table, tableClass }) => (tableClass ? [[table, tableClass]] : [])))
  const dropped = new Set(migrations.flatMap(({ sql }) => tablesIn(sql, DROPS_TABLE)))
  const existing = new Set<string>()
  const problems: string[] = []
  for (const { name, sql } of migrations) {
    const statements = splitStatements(sql)
    const inside = statements.flatMap(unwrapDoBlock)
    const known = (table: string) => classes.has(table) || dropped.has(table)
    const created = tablesIn(sql, CREATES_TABLE)
    problems.push(
      ...created.filter((table) => !known(table)).map((table) => `${name}: ${table} has no model, so it has no class.`),
      ...inside.flatMap((statement) => checkStatement(statement, classes)).map((problem) => `${name}: ${problem}`),
      ...checkChanges(name, statements, existing, classes),
      ...checkEnums(inside, classes).map((problem) => `${name}: ${problem}`),
    )
    for (const table of created) existing.add(table)
  }
  return problems
}

/** Splits SQL at the semicolons that end a statement; comments go, white space becomes one space. */
export function splitStatements(sql: string): string[] {
  const statements = ['']
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token === ';') statements.push('')
    else if (!token.startsWith('--') && !token.startsWith('/*')) statements[statements.length - 1] += token
  }
  return statements.map((statement) => statement.replace(/\s+/g, ' ').trim()).filter((statement) => statement !== '')
}

function unwrapDoBlock(statement: string): string[] {
  const body = /^DO (?:LANGUAGE \w+ )?\$(\w*)\$ ?(?:DECLARE .*?)?BEGIN (.*) END ?;? ?\$\1\$/i.exec(statement)?.[2]
  return body === undefined ? [statement] : splitStatements(body)
}

function tablesIn(sql: string, pattern: RegExp): string[] {
  return splitStatements(sql)
    .flatMap(unwrapDoBlock)
    .flatMap((statement) => pattern.exec(statement)?.[1] ?? [])
}

function tableOf(statement: string): string | undefined {
  return [CREATES_TABLE, ...CHANGES].map((pattern) => pattern.exec(statement)?.[1]).find((table) => table !== undefined)
}

function checkStatement(statement: string, classes: ReadonlyMap<string, TableClass>): string[] {
  const names = /^(?:CREATE|ALTER)\b/i.test(statement)
    ? [...statement.matchAll(NAMED)].flatMap(([, constraint, index]) => constraint ?? index ?? [])
    : []
  const problems = names
    .filter((name) => name.length > LONGEST_NAME)
    .map((name) => `the name ${name} has ${name.length} characters; ${LONGEST_NAME} is the limit.`)
  const table = tableOf(statement)
  const tableClass = table === undefined ? undefined : classes.get(table)
  if (table === undefined || tableClass === undefined || !/^(?:CREATE|ALTER)\b/i.test(statement)) return problems
  return [
    ...problems,
    ...checkForeignKeys(statement, table, tableClass, classes),
    ...checkKeys(statement, table, tableClass),
  ]
}

/** Rule 1: every primary key, unique key and unique index of a TENANT table starts with account_id. */
function checkKeys(statement: string, table: string, tableClass: TableClass): string[] {
  if (tableClass !== 'TENANT') return []
  const isTable = /^(?:CREATE|ALTER) (?:UNLOGGED )?TABLE\b/i.test(statement)
  const inTable = isTable ? [...statement.matchAll(KEY)].map(([, columns = '']) => columns) : []
  const inIndex = UNIQUE_INDEX.exec(statement)?.[2]
  const keys = inIndex === undefined ? inTable : [...inTable, inIndex]
  const problems = keys
    .filter((columns) => firstColumn(columns) !== 'account_id')
    .map((columns) => `the key (${columns}) of ${table} does not start with account_id.`)
  if (isTable && COLUMN_KEY.test(statement))
    problems.push(`${table} has a key on one column; write it with account_id first.`)
  return problems
}

/** Rules 1 to 3: where a foreign key may lead, from which columns, and what it may do. */
function checkForeignKeys(
  statement: string,
  table: string,
  tableClass: TableClass,
  classes: ReadonlyMap<string, TableClass>,
): string[] {
  const problems: string[] = []
  for (const [, from = '', target = '', to = '', actions = ''] of statement.matchAll(FOREIGN_KEY)) {
    const targetClass = classes.get(target)
    if (targetClass === undefined || !FOREIGN_KEYS[tableClass].includes(targetClass))
      problems.push(`no foreign key leads from ${table} (${tableClass}) to ${target} (${targetClass ?? 'no class'}).`)
    if (tableClass !== 'TENANT') continue
    if (targetClass === 'TENANT' && (firstColumn(from) !== 'account_id' || firstColumn(to) !== 'account_id'))
      problems.push(`both sides of the foreign key (${from}) of ${table} start with account_id.`)
    if (/ON UPDATE (?!NO ACTION)/i.test(actions))
      problems.push(`a foreign key of ${table} has ON UPDATE other than NO ACTION.`)
    if (/ON DELETE SET/i.test(actions)) problems.push(`a foreign key of ${table} has ON DELETE SET.`)
  }
  if (tableClass === 'TENANT' && COLUMN_REFERENCE.test(statement.replace(FOREIGN_KEY, '')))
    problems.push(`${table} has a foreign key on one column; write it with account_id first.`)
  return problems
}

/** Rule 10: what changes an existing TENANT or CATALOGUE table stands alone in its file. */
function checkChanges(
  name: string,
  statements: readonly string[],
  existing: ReadonlySet<string>,
  classes: ReadonlyMap<string, TableClass>,
): string[] {
  if (statements.length < 2) return []
  const touched = statements
    .flatMap(unwrapDoBlock)
    .flatMap((statement) => CHANGES.flatMap((pattern) => pattern.exec(statement)?.[1] ?? []))
    .filter((table) => existing.has(table) && ['TENANT', 'CATALOGUE'].includes(classes.get(table) ?? ''))
  return [...new Set(touched)].map(
    (table) =>
      `${name}: it changes ${table}, so it holds one statement or one DO block, not ${statements.length} statements.`,
  )
}

/** Rule 4: a native enum is no type of a TENANT column. */
function checkEnums(statements: readonly string[], classes: ReadonlyMap<string, TableClass>): string[] {
  const enums = statements.flatMap(
    (statement) => /^CREATE TYPE (?:"?\w+"?\.)?"?(\w+)"? AS ENUM/i.exec(statement)?.[1] ?? [],
  )
  return statements.flatMap((statement) => {
    const table = tableOf(statement)
    if (table === undefined || classes.get(table) !== 'TENANT') return []
    return enums
      .filter((type) => new RegExp(`\\b${type}\\b`).test(statement))
      .map((type) => `${table} uses the native enum ${type}; write text and a CHECK.`)
  })
}

function firstColumn(columns: string): string {
  return (columns.split(',')[0] ?? '').replaceAll('"', '').trim()
}
