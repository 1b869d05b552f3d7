/** How a table is spread when one server is not enough (docs/scaling.md). */
export type TableClass = 'TENANT' | 'CATALOGUE' | 'CONTROL' | 'TOOL'

/** One field of a model, as schema.prisma writes it. */
export type Field = {
  readonly name: string
  readonly type: string
  readonly isOptional: boolean
  readonly attributes: string
}

/** One model of schema.prisma. */
export type Model = {
  readonly name: string
  readonly table: string
  readonly tableClass: TableClass | null
  readonly fields: readonly Field[]
  /** Its `@@` lines. */
  readonly attributes: readonly string[]
}

/** What the checks read of schema.prisma. */
export type Schema = { readonly models: readonly Model[]; readonly enums: readonly string[] }

/** Names of constraints and indexes stay whole in PostgreSQL when Citus adds the number of a shard (rule 10). */
export const LONGEST_NAME = 50

const BLOCK = /((?:^[ \t]*\/\/\/[^\n]*\n)*)^[ \t]*(model|enum)[ \t]+(\w+)[ \t]*\{\n([\s\S]*?)^[ \t]*\}/gm
const CLASS = /^[ \t]*\/\/\/[ \t]*(TENANT|CATALOGUE|CONTROL|TOOL)\b/
const FIELD = /^(\w+)[ \t]+(\w+)(\[\])?(\?)?(.*)$/
const TENANT_DELETE = ['Restrict', 'NoAction', 'Cascade']

/** From which class of table a foreign key may lead to which (rule 2). */
export const FOREIGN_KEYS: Readonly<Record<TableClass, readonly TableClass[]>> = {
  TENANT: ['TENANT', 'CATALOGUE'],
  CATALOGUE: ['CATALOGUE'],
  CONTROL: ['CONTROL'],
  TOOL: ['TOOL'],
}

/** Reads the models and enums out of the text of schema.prisma. */
export function parseSchema(text: string): Schema {
  const blocks = [...text.matchAll(BLOCK)].map(([, doc = '', keyword, name = '', body = '']) => ({
    doc,
    keyword,
    name,
    body,
  }))
  return {
    models: blocks
      .filter((block) => block.keyword === 'model')
      .map(({ doc, name, body }) => parseModel(doc, name, body)),
    enums: blocks.filter((block) => block.keyword === 'enum').map((block) => block.name),
  }
}

/** Checks schema.prisma against rules 1–4 and 10 of docs/scaling.md. Returns a sentence for each thing that breaks one. */
export function checkSchema(text: string): string[] {
  const schema = parseSchema(text)
  if (schema.models.length === 0) return ['No model was found, so nothing was checked.']
  return schema.models.flatMap((model) => [
    ...(model.tableClass === null
      ? [`${model.name}: begin its comment with its class: /// TENANT, CATALOGUE, CONTROL or TOOL.`]
      : []),
    ...checkNames(model),
    ...checkRelations(model, schema),
    ...(model.tableClass === 'TENANT' ? checkTenant(model, schema) : []),
  ])
}

function parseModel(doc: string, name: string, body: string): Model {
  const lines = body
    .split('\n')
    .map((line) => line.replace(/\/\/.*$/, '').trim())
    .filter((line) => line !== '')
  const attributes = lines.filter((line) => line.startsWith('@@'))
  const mapped = attributes.map((line) => /^@@map\("(\w+)"\)/.exec(line)?.[1]).find((table) => table !== undefined)
  return {
    name,
    table: mapped ?? name,
    tableClass: (CLASS.exec(doc)?.[1] as TableClass | undefined) ?? null,
    fields: lines.flatMap((line) => parseField(line)),
    attributes,
  }
}

function parseField(line: string): Field[] {
  const match = FIELD.exec(line)
  if (match === null) return []
  const [, name = '', type = '', , optional, attributes = ''] = match
  return [{ name, type, isOptional: optional === '?', attributes }]
}

/** Rules 1 and 4: account_id comes first everywhere, and no value has a native enum for its type. */
function checkTenant(model: Model, schema: Schema): string[] {
  const problems: string[] = []
  const [first] = model.fields
  if (
    first?.name !== 'accountId' ||
    first.type !== 'String' ||
    first.isOptional ||
    !first.attributes.includes('@db.Uuid')
  )
    problems.push(`${model.name}: the first field of a TENANT table is accountId String @db.Uuid.`)
  if (!model.attributes.some((line) => line.startsWith('@@id([')))
    problems.push(`${model.name}: a TENANT table has @@id([accountId, …]).`)
  for (const line of model.attributes.filter((attribute) => /^@@(?:id|unique)\b/.test(attribute))) {
    if (namesIn(line)[0] !== 'accountId') problems.push(`${model.name}: ${line} does not start with accountId.`)
  }
  for (const field of model.fields) {
    if (/@(?:id|unique)\b/.test(field.attributes))
      problems.push(
        `${model.name}.${field.name}: a key of a TENANT table starts with accountId; @id and @unique cannot.`,
      )
    if (schema.enums.includes(field.type))
      problems.push(`${model.name}.${field.name}: write text and a CHECK instead of the native enum ${field.type}.`)
  }
  return problems
}

/** Rules 1 to 3: where a foreign key may lead, from which columns, and what it may do. */
function checkRelations(model: Model, schema: Schema): string[] {
  return model.fields.flatMap((field) => {
    const relation = /@relation\((.*)\)/.exec(field.attributes)?.[1]
    const target = schema.models.find((other) => other.name === field.type)
    if (relation === undefined || !relation.includes('fields:') || target === undefined) return []
    if (model.tableClass === null || target.tableClass === null) return []
    const where = `${model.name}.${field.name}`
    if (!FOREIGN_KEYS[model.tableClass].includes(target.tableClass))
      return [`${where}: no foreign key leads from ${model.tableClass} to ${target.tableClass}; keep a plain column.`]
    return model.tableClass === 'TENANT' ? checkTenantRelation(where, relation, target) : []
  })
}

function checkTenantRelation(where: string, relation: string, target: Model): string[] {
  const problems: string[] = []
  const from = namesIn(/fields:\s*(\[[^\]]*\])/.exec(relation)?.[1] ?? '')
  const to = namesIn(/references:\s*(\[[^\]]*\])/.exec(relation)?.[1] ?? '')
  if (target.tableClass === 'TENANT' && (from[0] !== 'accountId' || to[0] !== 'accountId'))
    problems.push(`${where}: both sides of the foreign key start with accountId.`)
  if (!/onUpdate:\s*NoAction\b/.test(relation)) problems.push(`${where}: write onUpdate: NoAction.`)
  if (!TENANT_DELETE.includes(/onDelete:\s*(\w+)/.exec(relation)?.[1] ?? ''))
    problems.push(`${where}: write onDelete: ${TENANT_DELETE.join(', ')}; nothing else is distributable.`)
  return problems
}

/** Rule 10: the names that the schema gives. Those that Prisma makes up are checked in the migrations. */
function checkNames(model: Model): string[] {
  const lines = [...model.attributes, ...model.fields.map((field) => field.attributes)]
  const names = lines.flatMap((line) => [...line.matchAll(/\bmap:\s*"(\w+)"/g)].map(([, name = '']) => name))
  return names
    .filter((name) => name.length > LONGEST_NAME)
    .map((name) => `${model.name}: the name ${name} has ${name.length} characters; ${LONGEST_NAME} is the limit.`)
}

/** The names inside the first pair of brackets, without what is said about each. */
function namesIn(line: string): string[] {
  const inside = /\[([^\]]*)\]/.exec(line)?.[1] ?? ''
  return inside
    .split(',')
    .map((part) => part.replace(/\(.*$/, '').trim())
    .filter((name) => name !== '')
}
