-- Trigram index over what people search events by: identity, issuer, digests, certificate values, model names.
CREATE VIRTUAL TABLE `events_search` USING fts5(`event_id` UNINDEXED, `body`, tokenize = 'trigram');
