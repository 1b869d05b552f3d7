import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkSchema, parseSchema } from './schema-rules'
import { checkMigrations, splitStatements, type Migration } from './schema-rules-sql'

const prisma = path.resolve(import.meta.dirname, '../../prisma')

const SCHEMA = `
/// CONTROL A customer.
model Account {
  id   String @id @db.Uuid
  name String @unique
  @@map("account")
}

/// CATALOGUE What is held.
model Asset {
  mode String
  code String
  @@id([mode, code])
  @@map("asset")
}

enum Kind {
  CARD
}

/// TENANT A wallet.
model Wallet {
  accountId String @map("account_id") @db.Uuid
  id        String @db.Uuid
  mode      String
  code      String
  grants    Grant[]
  asset     Asset @relation(fields: [mode, code], references: [mode, code], onUpdate: NoAction, onDelete: Restrict)
  @@id([accountId, id])
  @@unique([accountId, code], map: "wallet_code")
  @@index([code], map: "wallet_by_code")
  @@map("wallet")
}

/// TENANT A lot of credits. The wallet goes, the grant goes.
model Grant {
  accountId String  @map("account_id") @db.Uuid
  id        String  @db.Uuid
  walletId  String  @map("wallet_id") @db.Uuid
  kind      String
  wallet    Wallet @relation(fields: [accountId, walletId], references: [accountId, id], onUpdate: NoAction, onDelete: Cascade)
  @@id([accountId, id])
  @@map("credit_grant")
}
`

const LONG = 'a_name_that_is_longer_than_fifty_characters_is_cut_short'

/** What is changed in the good schema, into what, and the words of the refusal. */
const BAD_SCHEMAS: readonly (readonly [guarantee: string, from: string, to: string, refusal: string])[] = [
  ['a model without its class', '/// TENANT A wallet.', '/// A wallet.', 'begin its comment with its class'],
  ['a model without a comment', '/// CATALOGUE What is held.\n', '', 'begin its comment with its class'],
  [
    'a first field other than account_id',
    '  accountId String  @map("account_id") @db.Uuid\n  id        String  @db.Uuid\n',
    '  id        String  @db.Uuid\n  accountId String  @map("account_id") @db.Uuid\n',
    'the first field',
  ],
  ['an optional account_id', 'accountId String  @map', 'accountId String? @map', 'the first field'],
  [
    'a primary key without account_id',
    '@@id([accountId, id])\n  @@map("credit_grant")',
    '@@id([id, accountId])\n  @@map("credit_grant")',
    'does not start with accountId',
  ],
  [
    'a single-column primary key',
    'id        String  @db.Uuid',
    'id        String  @id @db.Uuid',
    '@id and @unique cannot',
  ],
  ['a single-column unique key', 'kind      String', 'kind      String @unique', '@id and @unique cannot'],
  [
    'a unique key without account_id',
    '@@unique([accountId, code]',
    '@@unique([code, accountId]',
    'does not start with accountId',
  ],
  [
    'a foreign key without account_id',
    'fields: [accountId, walletId], references: [accountId, id]',
    'fields: [walletId], references: [id]',
    'both sides',
  ],
  [
    'a key to a CONTROL table',
    'kind      String',
    'account   Account @relation(fields: [accountId], references: [id], onUpdate: NoAction, onDelete: Restrict)',
    'from TENANT to CONTROL',
  ],
  [
    'the default ON UPDATE CASCADE',
    ' onUpdate: NoAction, onDelete: Cascade',
    ' onDelete: Cascade',
    'write onUpdate: NoAction',
  ],
  ['ON DELETE SET NULL', 'onDelete: Cascade', 'onDelete: SetNull', 'write onDelete'],
  ['the default ON DELETE', ', onDelete: Cascade', '', 'write onDelete'],
  ['a native enum', 'kind      String', 'kind      Kind', 'native enum Kind'],
  ['a name of more than 50 characters', '"wallet_code"', `"${LONG}"`, '50 is the limit'],
]

describe('schema.prisma', () => {
  test('a schema that obeys the rules is not refused', () => {
    expect(checkSchema(SCHEMA)).toEqual([])
  })

  test.each(BAD_SCHEMAS)('%s is refused', (_guarantee, from, to, refusal) => {
    expect(SCHEMA).toContain(from)
    expect(checkSchema(SCHEMA.replace(from, to)).join('\n')).toContain(refusal)
  })

  test('a text without a model is refused, so that the check cannot pass by seeing nothing', () => {
    expect(checkSchema('generator client {}')).toHaveLength(1)
  })
})

const FIRST: Migration = {
  name: '1_init',
  sql: `
    -- A comment; with a semicolon.
    CREATE TABLE "account" ("id" UUID NOT NULL, "name" TEXT NOT NULL, CONSTRAINT "account_pkey" PRIMARY KEY ("id"));
    CREATE TABLE "asset" ("mode" TEXT NOT NULL, "code" TEXT NOT NULL, CONSTRAINT "asset_pkey" PRIMARY KEY ("mode","code"));
    CREATE TABLE "wallet" ("account_id" UUID NOT NULL, "id" UUID NOT NULL, CONSTRAINT "wallet_pkey" PRIMARY KEY ("account_id","id"));
    CREATE TABLE credit_grant (account_id uuid NOT NULL, id uuid, kind text CHECK (kind IN ('a;b')), PRIMARY KEY (account_id, id));
    CREATE UNIQUE INDEX "account_name_key" ON "account"("name");
    CREATE UNIQUE INDEX wallet_code ON wallet (account_id, code) WHERE code <> '';
    ALTER TABLE credit_grant ADD CONSTRAINT credit_grant_wallet FOREIGN KEY (account_id, wallet_id) REFERENCES wallet (account_id, id) ON DELETE RESTRICT ON UPDATE NO ACTION;
    ALTER TABLE wallet ADD CONSTRAINT wallet_asset FOREIGN KEY (mode, code) REFERENCES asset (mode, code);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
  `,
}

const BAD_MIGRATIONS: readonly (readonly [guarantee: string, sql: string, refusal: string])[] = [
  ['a table without a model', 'CREATE TABLE stray (id int)', 'has no model'],
  [
    'a unique index of a TENANT table without account_id',
    'CREATE UNIQUE INDEX i ON wallet (code)',
    'does not start with account_id',
  ],
  [
    'a partial unique index without account_id',
    'CREATE UNIQUE INDEX "i" ON "wallet" USING btree ("code") WHERE code IS NULL',
    'does not start',
  ],
  [
    'a unique constraint without account_id',
    'ALTER TABLE wallet ADD CONSTRAINT c UNIQUE (id, account_id)',
    'does not start',
  ],
  ['a key on one column', 'ALTER TABLE wallet ADD COLUMN code text UNIQUE', 'a key on one column'],
  [
    'a foreign key on one column',
    'ALTER TABLE wallet ADD COLUMN asset text REFERENCES asset',
    'a foreign key on one column',
  ],
  [
    'a foreign key without account_id',
    'ALTER TABLE credit_grant ADD CONSTRAINT c FOREIGN KEY (wallet_id) REFERENCES wallet (id)',
    'both sides',
  ],
  [
    'a foreign key to a CONTROL table',
    'ALTER TABLE wallet ADD CONSTRAINT c FOREIGN KEY (account_id) REFERENCES account (id)',
    'from wallet (TENANT) to account (CONTROL)',
  ],
  [
    'ON UPDATE CASCADE',
    'ALTER TABLE credit_grant ADD CONSTRAINT c FOREIGN KEY (account_id, w) REFERENCES wallet (account_id, id) ON DELETE CASCADE ON UPDATE CASCADE',
    'ON UPDATE other than',
  ],
  [
    'ON DELETE SET NULL',
    'ALTER TABLE credit_grant ADD CONSTRAINT c FOREIGN KEY (account_id, w) REFERENCES wallet (account_id, id) ON DELETE SET NULL',
    'ON DELETE SET',
  ],
  [
    'a native enum',
    "DO $$ BEGIN CREATE TYPE kind AS ENUM ('a'); ALTER TABLE wallet ADD COLUMN k kind; END $$",
    'native enum kind',
  ],
  [
    'a constraint name of more than 50 characters',
    `ALTER TABLE asset ADD CONSTRAINT ${LONG} CHECK (true)`,
    '50 is the limit',
  ],
  [
    'an index name of more than 50 characters',
    `CREATE INDEX IF NOT EXISTS "${LONG}" ON account (name)`,
    '50 is the limit',
  ],
  [
    'two changes of an existing TENANT table in one file',
    'ALTER TABLE wallet ADD COLUMN a int; ALTER TABLE wallet ADD COLUMN b int',
    'one statement or one DO block',
  ],
  [
    'a change of a CATALOGUE table beside another statement',
    'CREATE INDEX asset_code ON asset (code); SELECT 1',
    'one statement or one DO block',
  ],
]

describe('migrations', () => {
  const schema = parseSchema(SCHEMA)

  test('migrations that obey the rules are not refused', () => {
    const second = { name: '2_column', sql: 'ALTER TABLE wallet ADD COLUMN note text;' }
    const third = { name: '3_block', sql: 'DO $$ BEGIN ALTER TABLE wallet ADD a int; UPDATE wallet SET a = 1; END $$;' }
    const fourth = { name: '4_control', sql: 'ALTER TABLE account ADD a int; CREATE INDEX account_a ON account (a);' }
    expect(checkMigrations([FIRST, second, third, fourth], schema)).toEqual([])
  })

  test.each(BAD_MIGRATIONS)('%s is refused', (_guarantee, sql, refusal) => {
    expect(checkMigrations([FIRST, { name: '2_bad', sql }], schema).join('\n')).toContain(refusal)
  })

  test('semicolons in comments, texts, names and bodies of functions end no statement', () => {
    const sql = `SELECT 'a;b' -- c;d\n; /* e;f */ SELECT "g;h"; DO $x$ BEGIN NULL; END $x$;`
    expect(splitStatements(sql)).toEqual([`SELECT 'a;b'`, 'SELECT "g;h"', 'DO $x$ BEGIN NULL; END $x$'])
  })
})

describe('the schema and the migrations of Purser', () => {
  const text = readFileSync(path.join(prisma, 'schema.prisma'), 'utf8')
  const migrations = readdirSync(path.join(prisma, 'migrations'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
    .map((name) => ({ name, sql: readFileSync(path.join(prisma, 'migrations', name, 'migration.sql'), 'utf8') }))

  test('obey the rules for distribution by account', () => {
    expect(checkSchema(text)).toEqual([])
    expect(checkMigrations(migrations, parseSchema(text))).toEqual([])
  })

  test('were really read', () => {
    const tenants = parseSchema(text).models.filter((model) => model.tableClass === 'TENANT')
    expect(tenants.length).toBeGreaterThan(5)
    expect(migrations.flatMap(({ sql }) => splitStatements(sql)).length).toBeGreaterThan(50)
  })
})
