CREATE INDEX `events_seen` ON `events` (`log_id`,`seen_by`,`log_index`);
