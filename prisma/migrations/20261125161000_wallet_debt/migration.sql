-- The wallets whose debt the sweep lets upcoming credit repay. Debits that leave the debt as it is do not touch it.
CREATE INDEX wallet_debt ON wallet (account_id) WHERE debt > 0;
