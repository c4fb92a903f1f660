"""The only writers of the ledger, and what they never let through

Revision: money_ledger_functions, after money_ledger
"""

from alembic import op

revision = "money_ledger_functions"
down_revision = "money_ledger"
branch_labels = None
depends_on = None

KEEP = """
CREATE FUNCTION ledger_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only';
END $$
"""

# Entries come in one statement a transaction: what came must be all there is, and sum to zero in one currency.
BALANCED = """
CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT n.tenant_id, n.transaction_id, sum(n.amount) AS total, count(DISTINCT n.currency) AS currencies, count(*) AS came
                 FROM came n GROUP BY 1, 2) AS posting
    WHERE posting.total <> 0 OR posting.currencies <> 1 OR posting.came <> (
      SELECT count(*) FROM ledger_entry e WHERE e.tenant_id = posting.tenant_id AND e.transaction_id = posting.transaction_id)
  ) THEN RAISE EXCEPTION 'a posting must sum to zero in one currency' USING ERRCODE = 'CH500'; END IF;
  RETURN NULL;
END $$
"""

TENANT = """
CREATE FUNCTION ledger_tenant() RETURNS uuid LANGUAGE plpgsql STABLE AS $$
DECLARE found uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
BEGIN
  IF found IS NULL THEN RAISE EXCEPTION 'the ledger belongs to a tenant' USING ERRCODE = 'CH500'; END IF;
  RETURN found;
END $$
"""

ACCOUNT = """
CREATE FUNCTION ledger_account_of(p_owner uuid, p_kind text, p_currency text, p_shard smallint DEFAULT 0,
    p_lot uuid DEFAULT '00000000-0000-0000-0000-000000000000', p_expires timestamptz DEFAULT NULL) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_tenant uuid := ledger_tenant(); v_id uuid;
BEGIN
  SELECT id INTO v_id FROM ledger_account
   WHERE tenant_id = v_tenant AND owner_id = p_owner AND kind = p_kind AND currency = p_currency AND lot = p_lot AND shard = p_shard;
  IF v_id IS NOT NULL THEN RETURN v_id; END IF;
  INSERT INTO ledger_account (tenant_id, id, owner_id, kind, currency, lot, shard, balance, floor, expires_at)
  VALUES (v_tenant, gen_random_uuid(), p_owner, p_kind, p_currency, p_lot, p_shard, 0,
          CASE WHEN p_kind IN ('coins', 'bonus', 'held') THEN 0 END, p_expires)
  ON CONFLICT DO NOTHING RETURNING id INTO v_id;
  IF v_id IS NULL THEN  -- someone else was first
    SELECT id INTO v_id FROM ledger_account
     WHERE tenant_id = v_tenant AND owner_id = p_owner AND kind = p_kind AND currency = p_currency AND lot = p_lot AND shard = p_shard;
  END IF;
  RETURN v_id;
END $$
"""

# Legs are [{"account": uuid, "amount": n}] or [{"owner": uuid, "kind": text, "shard": n, "amount": n}], all in one currency.
POST = """
CREATE FUNCTION ledger_post(p_id uuid, p_key text, p_kind text, p_reference text, p_person uuid, p_memo jsonb, p_at timestamptz,
    p_currency text, p_legs jsonb) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_tenant uuid := ledger_tenant();
  v_hash bytea := sha256(convert_to(jsonb_build_array(p_kind, p_reference, p_currency, p_legs)::text, 'UTF8'));
  v_known record; v_accounts uuid[]; v_amounts bigint[]; v_legs int; v_came int;
BEGIN
  INSERT INTO ledger_transaction (tenant_id, id, key, request_hash, kind, reference, person_id, memo, at)
  VALUES (v_tenant, p_id, p_key, v_hash, p_kind, p_reference, p_person, p_memo, p_at)
  ON CONFLICT (tenant_id, key) DO NOTHING;
  IF NOT FOUND THEN
    SELECT id, request_hash INTO v_known FROM ledger_transaction WHERE tenant_id = v_tenant AND key = p_key;
    IF v_known.request_hash <> v_hash THEN
      RAISE EXCEPTION 'this key was used for another posting' USING ERRCODE = 'CH409';
    END IF;
    RETURN v_known.id;
  END IF;
  SELECT array_agg(account ORDER BY account), array_agg(amount ORDER BY account) INTO v_accounts, v_amounts FROM (
    SELECT coalesce((leg ->> 'account')::uuid,
             ledger_account_of((leg ->> 'owner')::uuid, leg ->> 'kind', p_currency, coalesce((leg ->> 'shard')::smallint, 0::smallint))) AS account,
           sum((leg ->> 'amount')::bigint)::bigint AS amount
    FROM jsonb_array_elements(p_legs) AS leg GROUP BY 1 HAVING sum((leg ->> 'amount')::bigint) <> 0) AS legs;
  v_legs := coalesce(cardinality(v_accounts), 0);
  IF v_legs < 2 THEN RAISE EXCEPTION 'a posting has two legs or more' USING ERRCODE = 'CH500'; END IF;
  PERFORM FROM ledger_account WHERE tenant_id = v_tenant AND id = ANY (v_accounts) ORDER BY id FOR UPDATE;
  WITH moved AS (
    UPDATE ledger_account a SET balance = a.balance + leg.amount
    FROM unnest(v_accounts, v_amounts) AS leg(account, amount)
    WHERE a.tenant_id = v_tenant AND a.id = leg.account AND a.currency = p_currency
    RETURNING a.id, a.owner_id, a.kind, a.currency, a.balance, leg.amount)
  INSERT INTO ledger_entry (tenant_id, transaction_id, seq, account_id, owner_id, kind, currency, amount, balance_after)
  SELECT v_tenant, p_id, row_number() OVER (ORDER BY moved.id), moved.id, owner_id, kind, currency, amount, balance FROM moved;
  GET DIAGNOSTICS v_came = ROW_COUNT;
  IF v_came <> v_legs THEN RAISE EXCEPTION 'an account is missing or of another currency' USING ERRCODE = 'CH500'; END IF;
  RETURN p_id;
END $$
"""

# Bonus lots that end soonest are drawn first, then those without an end, then bought coins.
HOLD = """
CREATE FUNCTION ledger_hold(p_id uuid, p_transaction uuid, p_key text, p_owner uuid, p_currency text, p_amount bigint, p_purpose text,
    p_reference text, p_person uuid, p_now timestamptz, p_expires timestamptz) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_tenant uuid := ledger_tenant(); v_known ledger_hold; v_held uuid; v_left bigint := p_amount; v_take bigint; v_pot record;
  v_sources uuid[] := '{}'; v_amounts bigint[] := '{}'; v_legs jsonb;
BEGIN
  IF p_amount <= 0 THEN RAISE EXCEPTION 'a hold is of one or more' USING ERRCODE = 'CH500'; END IF;
  v_held := ledger_account_of(p_owner, 'held', p_currency);
  -- whoever spends from one wallet takes turns; a replay then finds what the first made
  PERFORM FROM ledger_account WHERE tenant_id = v_tenant AND owner_id = p_owner AND currency = p_currency
    AND kind IN ('coins', 'bonus', 'held') ORDER BY id FOR UPDATE;
  SELECT * INTO v_known FROM ledger_hold WHERE tenant_id = v_tenant AND key = p_key;
  IF FOUND THEN
    IF (v_known.owner_id, v_known.currency, v_known.amount, v_known.purpose, v_known.reference)
       IS DISTINCT FROM (p_owner, p_currency, p_amount, p_purpose, p_reference) THEN
      RAISE EXCEPTION 'this key was used for another hold' USING ERRCODE = 'CH409';
    END IF;
    RETURN v_known.id;
  END IF;
  FOR v_pot IN SELECT id, balance FROM ledger_account WHERE tenant_id = v_tenant AND owner_id = p_owner AND currency = p_currency
      AND kind IN ('coins', 'bonus') AND balance > 0 AND (expires_at IS NULL OR expires_at > p_now)
      ORDER BY kind = 'coins', expires_at NULLS LAST, id LOOP
    EXIT WHEN v_left = 0;
    v_take := least(v_left, v_pot.balance);
    v_sources := v_sources || v_pot.id; v_amounts := v_amounts || v_take; v_left := v_left - v_take;
  END LOOP;
  IF v_left > 0 THEN
    RAISE EXCEPTION 'not enough' USING ERRCODE = 'CH402', DETAIL = (p_amount - v_left)::text;
  END IF;
  SELECT jsonb_agg(jsonb_build_object('account', source, 'amount', -amount)) || jsonb_build_array(
      jsonb_build_object('account', v_held, 'amount', p_amount)) INTO v_legs FROM unnest(v_sources, v_amounts) AS pots(source, amount);
  PERFORM ledger_post(p_transaction, 'hold:' || p_id, 'hold', p_reference, p_person, jsonb_build_object('purpose', p_purpose), p_now,
    p_currency, v_legs);
  INSERT INTO ledger_hold (tenant_id, id, key, owner_id, held_id, currency, sources, amounts, amount, captured, refunded, shares, state,
      purpose, reference, expires_at, created_at)
  VALUES (v_tenant, p_id, p_key, p_owner, v_held, p_currency, v_sources, v_amounts, p_amount, 0, 0, '[]', 'open', p_purpose,
      p_reference, p_expires, p_now);
  RETURN p_id;
END $$
"""

# Gives an amount back to a hold's sources, the last drawn first, after skipping what was given back before.
BACK = """
CREATE FUNCTION ledger_back(p_sources uuid[], p_amounts bigint[], p_skip bigint, p_amount bigint) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE v_left bigint := p_amount; v_skip bigint := p_skip; v_room bigint; v_legs jsonb := '[]'; i int;
BEGIN
  FOR i IN REVERSE cardinality(p_sources)..1 LOOP
    v_room := greatest(p_amounts[i] - v_skip, 0); v_skip := greatest(v_skip - p_amounts[i], 0);
    IF least(v_room, v_left) > 0 THEN
      v_legs := v_legs || jsonb_build_object('account', p_sources[i], 'amount', least(v_room, v_left));
      v_left := v_left - least(v_room, v_left);
    END IF;
  END LOOP;
  RETURN v_legs;
END $$
"""

CAPTURE = """
CREATE FUNCTION ledger_capture(p_hold uuid, p_transaction uuid, p_amount bigint, p_shares jsonb, p_person uuid, p_memo jsonb,
    p_now timestamptz) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_tenant uuid := ledger_tenant(); v_hold ledger_hold; v_shared bigint; v_posted uuid;
BEGIN
  SELECT * INTO v_hold FROM ledger_hold WHERE tenant_id = v_tenant AND id = p_hold FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'no such hold' USING ERRCODE = 'CH404'; END IF;
  IF v_hold.state = 'captured' AND v_hold.captured = p_amount THEN
    SELECT id INTO v_posted FROM ledger_transaction WHERE tenant_id = v_tenant AND key = 'capture:' || p_hold;
    RETURN v_posted;
  END IF;
  IF v_hold.state <> 'open' THEN RAISE EXCEPTION 'this hold is %', v_hold.state USING ERRCODE = 'CH410'; END IF;
  SELECT sum((share ->> 'amount')::bigint) INTO v_shared FROM jsonb_array_elements(p_shares) AS share;
  IF p_amount <= 0 OR p_amount > v_hold.amount OR v_shared IS DISTINCT FROM p_amount THEN
    RAISE EXCEPTION 'a capture is of one up to the hold, shared out in full' USING ERRCODE = 'CH500';
  END IF;
  v_posted := ledger_post(p_transaction, 'capture:' || p_hold, 'capture', v_hold.reference, p_person,
    p_memo || jsonb_build_object('purpose', v_hold.purpose), p_now, v_hold.currency,
    jsonb_build_array(jsonb_build_object('account', v_hold.held_id, 'amount', -v_hold.amount)) || p_shares
      || ledger_back(v_hold.sources, v_hold.amounts, 0, v_hold.amount - p_amount));
  UPDATE ledger_hold SET state = 'captured', captured = p_amount, shares = p_shares, resolved_at = p_now
   WHERE tenant_id = v_tenant AND id = p_hold;
  RETURN v_posted;
END $$
"""

RELEASE = """
CREATE FUNCTION ledger_release(p_hold uuid, p_transaction uuid, p_state text, p_person uuid, p_memo jsonb, p_now timestamptz) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_tenant uuid := ledger_tenant(); v_hold ledger_hold; v_posted uuid;
BEGIN
  SELECT * INTO v_hold FROM ledger_hold WHERE tenant_id = v_tenant AND id = p_hold FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'no such hold' USING ERRCODE = 'CH404'; END IF;
  IF v_hold.state IN ('released', 'expired') THEN
    SELECT id INTO v_posted FROM ledger_transaction WHERE tenant_id = v_tenant AND key = 'release:' || p_hold;
    RETURN v_posted;
  END IF;
  IF v_hold.state <> 'open' OR p_state NOT IN ('released', 'expired') THEN
    RAISE EXCEPTION 'this hold is %', v_hold.state USING ERRCODE = 'CH410';
  END IF;
  v_posted := ledger_post(p_transaction, 'release:' || p_hold, 'release', v_hold.reference, p_person,
    p_memo || jsonb_build_object('purpose', v_hold.purpose, 'state', p_state), p_now, v_hold.currency,
    jsonb_build_array(jsonb_build_object('account', v_hold.held_id, 'amount', -v_hold.amount))
      || ledger_back(v_hold.sources, v_hold.amounts, 0, v_hold.amount));
  UPDATE ledger_hold SET state = p_state, resolved_at = p_now WHERE tenant_id = v_tenant AND id = p_hold;
  RETURN v_posted;
END $$
"""

# What each share gives back of a refund, so that any number of refunds of all that was captured take each share back in full:
# the whole part of share x (refunded so far) / captured; the first share (the professional's) takes what rounding leaves.
REFUND = """
CREATE FUNCTION ledger_refund(p_hold uuid, p_transaction uuid, p_key text, p_amount bigint, p_person uuid, p_memo jsonb,
    p_now timestamptz) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_tenant uuid := ledger_tenant(); v_hold ledger_hold; v_known record; v_share jsonb; v_part bigint; v_given bigint := 0; v_legs jsonb := '[]';
  v_n int := 0;
BEGIN
  SELECT * INTO v_hold FROM ledger_hold WHERE tenant_id = v_tenant AND id = p_hold FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'no such hold' USING ERRCODE = 'CH404'; END IF;
  SELECT id, memo INTO v_known FROM ledger_transaction WHERE tenant_id = v_tenant AND key = 'refund:' || p_hold || ':' || p_key;
  IF FOUND THEN
    IF (v_known.memo ->> 'amount')::bigint <> p_amount THEN
      RAISE EXCEPTION 'this key was used for another refund' USING ERRCODE = 'CH409';
    END IF;
    RETURN v_known.id;
  END IF;
  IF v_hold.state <> 'captured' THEN RAISE EXCEPTION 'this hold is %', v_hold.state USING ERRCODE = 'CH410'; END IF;
  IF p_amount <= 0 OR v_hold.refunded + p_amount > v_hold.captured THEN
    RAISE EXCEPTION 'more than was captured' USING ERRCODE = 'CH422', DETAIL = (v_hold.captured - v_hold.refunded)::text;
  END IF;
  FOR v_share IN SELECT * FROM jsonb_array_elements(v_hold.shares) LOOP
    v_n := v_n + 1;
    CONTINUE WHEN v_n = 1;
    v_part := div((v_share ->> 'amount')::numeric * (v_hold.refunded + p_amount), v_hold.captured)
            - div((v_share ->> 'amount')::numeric * v_hold.refunded, v_hold.captured);
    v_given := v_given + v_part;
    v_legs := v_legs || (v_share || jsonb_build_object('amount', -v_part));
  END LOOP;
  v_legs := v_legs || ((v_hold.shares -> 0) || jsonb_build_object('amount', -(p_amount - v_given)));
  PERFORM ledger_post(p_transaction, 'refund:' || p_hold || ':' || p_key, 'refund', v_hold.reference, p_person,
    p_memo || jsonb_build_object('purpose', v_hold.purpose, 'amount', p_amount), p_now, v_hold.currency,
    v_legs || ledger_back(v_hold.sources, v_hold.amounts, v_hold.amount - v_hold.captured + v_hold.refunded, p_amount));
  UPDATE ledger_hold SET refunded = refunded + p_amount WHERE tenant_id = v_tenant AND id = p_hold;
  RETURN p_transaction;
END $$
"""

WRITERS = {
    "ledger_account_of": "uuid, text, text, smallint, uuid, timestamptz",
    "ledger_post": "uuid, text, text, text, uuid, jsonb, timestamptz, text, jsonb",
    "ledger_hold": "uuid, uuid, text, uuid, text, bigint, text, text, uuid, timestamptz, timestamptz",
    "ledger_capture": "uuid, uuid, bigint, jsonb, uuid, jsonb, timestamptz",
    "ledger_release": "uuid, uuid, text, uuid, jsonb, timestamptz",
    "ledger_refund": "uuid, uuid, text, bigint, uuid, jsonb, timestamptz",
}
KEPT = ("ledger_transaction", "ledger_entry")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in (KEEP, BALANCED, TENANT, ACCOUNT, POST, BACK, HOLD, CAPTURE, RELEASE, REFUND):
        op.execute(statement)
    for name, types in WRITERS.items():
        op.execute(f"REVOKE ALL ON FUNCTION {name}({types}) FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name}({types}) TO ch_money")
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_keep()"
        )
        op.execute(f"CREATE TRIGGER keep_all BEFORE TRUNCATE ON {table} EXECUTE FUNCTION ledger_keep()")
    op.execute(
        "CREATE TRIGGER balanced AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS came"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_balanced()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("DROP TRIGGER balanced ON ledger_entry")
    for table in KEPT:
        op.execute(f"DROP TRIGGER keep_all ON {table}")
        op.execute(f"DROP TRIGGER keep ON {table}")
    for name, types in reversed(WRITERS.items()):
        op.execute(f"DROP FUNCTION {name}({types})")
    op.execute("DROP FUNCTION ledger_back(uuid[], bigint[], bigint, bigint)")
    op.execute("DROP FUNCTION ledger_tenant(), ledger_balanced(), ledger_keep()")
