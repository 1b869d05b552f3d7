-- The journals that are there already.
UPDATE wallet w SET last_entry_at = (SELECT max(e.created_at) FROM entry e WHERE e.account_id = w.account_id AND e.wallet_id = w.id);
