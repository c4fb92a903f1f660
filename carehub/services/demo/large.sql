-- The large set, step by step: each step has a name. large.py has made and filled the temporary tables
-- place, speciality, given, family and moment, and runs this in one transaction, triggers off.
-- Practitioners 1 to 10,000 have an agenda (50 in each of 200 tenants); 10,001 to 100,000 are only published (4,500 in each of 20).

-- step: helpers
-- ids as UUIDv7 makes them, one every second: were only the last bits different, GiST could not tell them apart and would be slow
CREATE FUNCTION pg_temp.big(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT (substr(h.at, 1, 8) || '-' || substr(h.at, 9, 4) || '-7' || lpad(to_hex(kind), 3, '0') || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid
   FROM (SELECT lpad(to_hex(1700000000000 + n * 1000), 12, '0') AS at) h $$;
CREATE FUNCTION pg_temp.tenant_of(p bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN p <= 10000 THEN (p - 1) / 50 + 1 ELSE 201 + (p - 10001) / 4500 END $$;
-- a scattered but repeatable number from 0 to below - 1
CREATE FUNCTION pg_temp.pick(n bigint, salt int, below int) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT ((n * 2654435761 + salt * 40503 + (n >> 3) * 97) % 1000003 % below)::int $$;

-- step: tenants
INSERT INTO tenant (id, slug, name, legal_name, kind, status, tagline, about, words, country, currency, time_zone, locale,
                    locales, accent, address, postcode, city, phone, email, website, modules, booking_rules)
SELECT pg_temp.big(1, t), 'large-' || lpad(t::text, 3, '0'), 'Cabinet ' || pl.city || ' ' || t, '', 'practice', 'active', '', '', '{}',
       pl.country, pl.currency, pl.zone, pl.locale, ARRAY[pl.locale], '#0f6b5c', '', '', pl.city, '', '', '',
       ARRAY['booking', 'records'], '{}'
FROM generate_series(1, 220) t JOIN place pl ON pl.n = t % (SELECT count(*) FROM place);

INSERT INTO service (tenant_id, id, name, names, description, duration_minutes, price_minor, modes, buffer_before, buffer_after,
                     minimum_notice, horizon_days, is_public, position, active)
SELECT pg_temp.big(1, t), pg_temp.big(3, t), 'Consultation', '{}', '', CASE WHEN t <= 200 THEN 30 ELSE 60 END,
       (4000 + pg_temp.pick(t, 1, 60) * 100) * CASE pl.currency WHEN 'TND' THEN 30 WHEN 'MAD' THEN 10 ELSE 1 END,
       ARRAY['in_person', 'video'], 0, 0, 60, 60, true, 0, true
FROM generate_series(1, 220) t JOIN place pl ON pl.n = t % (SELECT count(*) FROM place);

-- step: practitioners
INSERT INTO site (tenant_id, id, name, address, postcode, city, country, latitude, longitude, phone, access_notes, active)
SELECT pg_temp.big(1, t), pg_temp.big(2, p), pl.city, pg_temp.pick(p, 2, 180) + 1 || ' avenue Centrale', '', pl.city, pl.country,
       pl.latitude + (pg_temp.pick(p, 3, 2000) - 1000) / 10000.0, pl.longitude + (pg_temp.pick(p, 4, 2000) - 1000) / 10000.0, '', '', true
FROM generate_series(1, 100000) p CROSS JOIN LATERAL (SELECT pg_temp.tenant_of(p) AS t) o
JOIN place pl ON pl.n = (t + CASE WHEN p > 10000 THEN p ELSE 0 END) % (SELECT count(*) FROM place);

INSERT INTO practitioner (tenant_id, id, slug, honorific, given_name, family_name, headline, biography, specialities, languages,
                          registration_kind, registration_number, certifications, colour, site_id, time_zone, confirmation,
                          visibility, accepts_new, works_on_holidays, rating_sum, rating_count, position, active,
                          diplomas, approach, video_url, links, gallery, shares)
SELECT pg_temp.big(1, t), pg_temp.big(4, p), 'p-' || p, CASE WHEN p % 3 = 0 THEN 'Dr' ELSE '' END, g.name, f.name, '', '',
       ARRAY[sp.code], CASE p % 4 WHEN 0 THEN ARRAY['fr'] WHEN 1 THEN ARRAY['fr', 'en'] WHEN 2 THEN ARRAY['fr', 'ar'] ELSE ARRAY['ar', 'en'] END,
       'none', '', '', p % 8 + 1, pg_temp.big(2, p), pl.zone, 'instant', 'published', p % 6 <> 0, true,
       r.count * 3 + pg_temp.pick(p, 5, 2 * r.count + 1), r.count, (p % 50)::int, true,
       '', '', '', '{}', '[]', '{}'
FROM generate_series(1, 100000) p CROSS JOIN LATERAL (SELECT pg_temp.tenant_of(p) AS t, pg_temp.pick(p, 6, 240) AS count) r
JOIN place pl ON pl.n = (t + CASE WHEN p > 10000 THEN p ELSE 0 END) % (SELECT count(*) FROM place)
JOIN given g ON g.n = pg_temp.pick(p, 7, (SELECT count(*)::int FROM given))
JOIN family f ON f.n = pg_temp.pick(p, 8, (SELECT count(*)::int FROM family))
JOIN speciality sp ON sp.n = pg_temp.pick(p, 9, (SELECT count(*)::int FROM speciality));

INSERT INTO service_practitioner (tenant_id, id, service_id, practitioner_id)
SELECT pg_temp.big(1, t), pg_temp.big(8, p), pg_temp.big(3, t), pg_temp.big(4, p)
FROM generate_series(1, 100000) p CROSS JOIN LATERAL (SELECT pg_temp.tenant_of(p) AS t) o;

INSERT INTO availability_rule (tenant_id, id, practitioner_id, weekday, starts, ends)
SELECT pg_temp.big(1, pg_temp.tenant_of(p)), pg_temp.big(7, p * 8 + w), pg_temp.big(4, p), w, '09:00', '18:00'
FROM generate_series(1, 100000) p CROSS JOIN generate_series(0, 4) w;

-- step: patients
INSERT INTO patient (tenant_id, id, given_name, family_name, locale)
SELECT pg_temp.big(1, (who - 1) / 500 + 1), pg_temp.big(5, who), g.name, f.name, 'fr'
FROM generate_series(1, 100000) who
JOIN given g ON g.n = pg_temp.pick(who, 10, (SELECT count(*)::int FROM given))
JOIN family f ON f.n = pg_temp.pick(who, 11, (SELECT count(*)::int FROM family));

-- step: appointments
-- Twenty working days of five appointments each. Of a day's 18 half hours a practitioner's are every third one from a place of
-- their own, so no two can meet.
INSERT INTO appointment (tenant_id, id, practitioner_id, service_id, site_id, patient_id, status, mode, starts_at, ends_at,
                         local_start, time_zone, price_minor, currency, source, cancelled_by, reason, sequence, created_at, updated_at)
SELECT pg_temp.big(1, t), pg_temp.big(6, (p * 20 + m.day) * 5 + k), pg_temp.big(4, p), pg_temp.big(3, t), pg_temp.big(2, p),
       pg_temp.big(5, (t - 1) * 500 + 1 + pg_temp.pick(p * 100 + m.day * 5 + k, 12, 500)),
       CASE WHEN m.is_past THEN (ARRAY['cancelled', 'noshow', 'fulfilled'])[least(1 + c.chance / 3, 3)]
            ELSE (ARRAY['cancelled', 'pending', 'booked'])[least(1 + c.chance / 3, 3)] END,
       'in_person', m.starts_at, m.starts_at + interval '30 minutes', m.local_start, pl.zone, s.price_minor, pl.currency, 'online',
       '', '', 0, m.starts_at - interval '9 days', m.starts_at - interval '9 days'
FROM generate_series(1, 10000) p
CROSS JOIN LATERAL (SELECT (p - 1) / 50 + 1 AS t) o
JOIN place pl ON pl.n = t % (SELECT count(*) FROM place)
JOIN service s ON s.tenant_id = pg_temp.big(1, t) AND s.id = pg_temp.big(3, t)
CROSS JOIN generate_series(0, 4) k
JOIN moment m ON m.zone = pl.zone AND m.slot = (p + 3 * m.day + 3 * k) % 18 AND m.day < 20
CROSS JOIN LATERAL (SELECT pg_temp.pick((p * 20 + m.day) * 5 + k, 13, 100) AS chance) c
ORDER BY p, m.day, m.slot;

-- step: published entries
INSERT INTO directory_entry (tenant_id, id, tenant_slug, tenant_name, tenant_kind, accent, slug, name, headline, specialities, languages,
                             modes, address, city, country, latitude, longitude, time_zone, price_minor, price_euro_cents, currency,
                             rating, rating_count, rank, colour, accepts_new, verified, audience, service_id, words, notice_minutes)
SELECT p.tenant_id, p.id, t.slug, t.name, t.kind, t.accent, p.slug, concat_ws(' ', nullif(p.honorific, ''), p.given_name, p.family_name),
       p.headline, p.specialities, p.languages, s.modes, si.address, si.city, si.country, si.latitude, si.longitude, p.time_zone,
       s.price_minor, (s.price_minor * pl.euro_cents)::int, t.currency, p.rating_sum / nullif(p.rating_count, 0)::float, p.rating_count,
       (p.rating_sum + 40) / (p.rating_count + 10.0), p.colour, p.accepts_new, '', 'public', s.id, sp.words, s.minimum_notice
FROM practitioner p
JOIN tenant t ON t.id = p.tenant_id AND t.slug LIKE 'large-%'
JOIN site si ON si.tenant_id = p.tenant_id AND si.id = p.site_id
JOIN service s ON s.tenant_id = p.tenant_id AND s.active
JOIN speciality sp ON sp.code = p.specialities[1]
JOIN (SELECT DISTINCT currency, euro_cents FROM place) pl ON pl.currency = t.currency;

INSERT INTO directory_profile (tenant_id, id, practitioner_id, audience, shown)
SELECT tenant_id, id, id, 'public', jsonb_build_object('languages', languages) FROM directory_entry WHERE tenant_slug LIKE 'large-%';

-- step: free hours
-- Fifteen days from today. With an agenda: the half hours that are not taken. Without: more or fewer full hours, one in five has none.
INSERT INTO day_slots (tenant_id, id, practitioner_id, day, free, first_free, last_free, starts)
SELECT pg_temp.big(1, pg_temp.tenant_of(p)), pg_temp.big(9, p * 64 + f.ahead), pg_temp.big(4, p), f.date,
       cardinality(f.starts), f.starts[1], f.starts[cardinality(f.starts)], f.starts
FROM generate_series(1, 100000) p
JOIN site si ON si.tenant_id = pg_temp.big(1, pg_temp.tenant_of(p)) AND si.id = pg_temp.big(2, p)
JOIN LATERAL (SELECT DISTINCT zone FROM place WHERE place.city = si.city) pl ON true
JOIN (SELECT zone, phase, ahead, date, starts FROM free_hours) f ON f.zone = pl.zone
    AND f.phase = CASE WHEN p <= 10000 THEN p % 18 WHEN p % 5 = 0 THEN 100 ELSE 101 + pg_temp.pick(p, 14, 6) END;

UPDATE directory_entry e SET next_free = n.at FROM (
    SELECT d.tenant_id, d.practitioner_id, min(start) AS at FROM day_slots d CROSS JOIN LATERAL unnest(d.starts) start
    WHERE start >= now() + interval '1 hour' GROUP BY 1, 2) n
WHERE e.tenant_id = n.tenant_id AND e.id = n.practitioner_id;

-- step: vocabulary
INSERT INTO directory_term (kind, code, locale, label, detail, weight)
SELECT 'practitioner', id::text, '', name, tenant_slug || '/p/' || slug, 1 FROM directory_entry WHERE tenant_slug LIKE 'large-%';
