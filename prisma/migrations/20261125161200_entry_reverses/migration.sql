-- The reversals of an entry: never more is taken back than was charged. Debits are not in it.
CREATE INDEX entry_reverses ON entry (account_id, reverses_entry_id) WHERE reverses_entry_id IS NOT NULL;
