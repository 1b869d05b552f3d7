-- Payments that the history shows before, or instead of, an entry. Settled ones, which grow with age, are not in it.
CREATE INDEX payment_unsettled ON payment (account_id, created_at, id) WHERE status IN ('awaiting_payment', 'processing', 'failed');
