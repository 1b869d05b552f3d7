-- The journal without its usage lines: purchases, grants, expiries, refunds. Filters and totals of the history read it instead of
-- walking past every usage line. A debit does not pay for it: usage lines are not in it.
CREATE INDEX entry_not_usage ON entry (account_id, wallet_id, sequence) INCLUDE (kind, amount) WHERE kind <> 'usage';
