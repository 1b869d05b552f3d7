-- The grants whose expiry the sweep looks for.
CREATE INDEX credit_grant_open_expires ON credit_grant (expires_at) WHERE open AND expires_at IS NOT NULL;
