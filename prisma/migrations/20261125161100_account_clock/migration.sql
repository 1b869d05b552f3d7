-- The accounts with a test clock, in which the sweep goes by that clock.
CREATE INDEX billing_account_clock ON billing_account (id) WHERE clock_at IS NOT NULL;
