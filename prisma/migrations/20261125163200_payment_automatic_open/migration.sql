-- One open attempt per wallet of all that is charged without a person: two at once would fill the same gap twice.
CREATE UNIQUE INDEX payment_automatic_open ON payment (account_id, asset_code)
  WHERE kind <> 'purchase' AND status IN ('started', 'awaiting_payment', 'processing');
