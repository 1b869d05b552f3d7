-- Debt that is settled by the card, and invoices of postpaid usage, are payments too.
ALTER TABLE payment DROP CONSTRAINT payment_kind_known,
  ADD CONSTRAINT payment_kind_known CHECK (kind IN ('purchase', 'recharge', 'settlement', 'invoice'));
