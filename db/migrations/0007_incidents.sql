CREATE TABLE `alert_cursors` (
	`source` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `alerts` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`severity` text NOT NULL,
	`subject` text NOT NULL,
	`title` text NOT NULL,
	`statement` text NOT NULL,
	`evidence` text NOT NULL,
	`href` text NOT NULL,
	`state` text NOT NULL,
	`muted_until` integer,
	`count` integer NOT NULL,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	`resolved_at` integer,
	`standing` integer NOT NULL,
	`tell` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alerts_subject` ON `alerts` (`kind`,`subject`);--> statement-breakpoint
CREATE INDEX `alerts_state` ON `alerts` (`state`,`last_at`);--> statement-breakpoint
CREATE INDEX `alerts_listed` ON `alerts` (`last_at`,`id`);--> statement-breakpoint
CREATE INDEX `alerts_untold` ON `alerts` (`tell`,`last_at`) WHERE tell IS NOT NULL;--> statement-breakpoint
CREATE INDEX `alerts_standing` ON `alerts` (`kind`,`subject`) WHERE standing = 1;--> statement-breakpoint
CREATE TABLE `digest_items` (
	`route` text NOT NULL,
	`alert_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`route`, `alert_id`),
	FOREIGN KEY (`alert_id`) REFERENCES `alerts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `message_alerts` (
	`message_id` text NOT NULL,
	`alert_id` text NOT NULL,
	PRIMARY KEY(`message_id`, `alert_id`),
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`alert_id`) REFERENCES `alerts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `message_alerts_alert` ON `message_alerts` (`alert_id`);--> statement-breakpoint
CREATE TABLE `messages` (
	`id` text PRIMARY KEY NOT NULL,
	`channel` text NOT NULL,
	`kind` text NOT NULL,
	`routes` text NOT NULL,
	`dedup_key` text NOT NULL,
	`content` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` integer NOT NULL,
	`problem` text,
	`created_at` integer NOT NULL,
	`sent_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_dedup_key_unique` ON `messages` (`dedup_key`);--> statement-breakpoint
CREATE INDEX `messages_due` ON `messages` (`state`,`next_attempt_at`);--> statement-breakpoint
CREATE INDEX `messages_channel` ON `messages` (`channel`,`created_at`);--> statement-breakpoint
CREATE TABLE `audit_entries` (
	`row` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`chain` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`target` text NOT NULL,
	`detail` text NOT NULL,
	`previous` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_entries_place` ON `audit_entries` (`chain`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_entries_at` ON `audit_entries` (`at`,`row`);--> statement-breakpoint
CREATE INDEX `audit_entries_target` ON `audit_entries` (`target`,`row`);--> statement-breakpoint
CREATE TABLE `deployments` (
	`id` text PRIMARY KEY NOT NULL,
	`environment` text NOT NULL,
	`service` text NOT NULL,
	`artifact_id` integer NOT NULL,
	`given` text NOT NULL,
	`source` text NOT NULL,
	`started_at` integer NOT NULL,
	`confirmed_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`artifact_id`) REFERENCES `artifacts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `deployments_running` ON `deployments` (`ended_at`,`environment`,`service`);--> statement-breakpoint
CREATE INDEX `deployments_artifact` ON `deployments` (`artifact_id`,`ended_at`);--> statement-breakpoint
CREATE TABLE `graph_changes` (
	`id` integer PRIMARY KEY NOT NULL,
	`count` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `incident_artifacts` (
	`incident_id` text NOT NULL,
	`artifact_id` integer NOT NULL,
	`tier` text NOT NULL,
	`path` text NOT NULL,
	`added_at` integer NOT NULL,
	`left_at` integer,
	`joined` integer NOT NULL,
	`decision` text,
	`decided_at` integer,
	`decision_reason` text,
	PRIMARY KEY(`incident_id`, `artifact_id`),
	FOREIGN KEY (`incident_id`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`artifact_id`) REFERENCES `artifacts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `incident_artifacts_artifact` ON `incident_artifacts` (`artifact_id`,`incident_id`);--> statement-breakpoint
CREATE TABLE `incident_events` (
	`incident_id` text NOT NULL,
	`event_id` text NOT NULL,
	`note` text NOT NULL,
	`added_at` integer NOT NULL,
	PRIMARY KEY(`incident_id`, `event_id`),
	FOREIGN KEY (`incident_id`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`event_id`) REFERENCES `events`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `incidents` (
	`id` text PRIMARY KEY NOT NULL,
	`number` integer NOT NULL,
	`title` text NOT NULL,
	`state` text NOT NULL,
	`severity` text NOT NULL,
	`owner_id` text,
	`scope` text NOT NULL,
	`notice` text,
	`notice_at` integer,
	`opened_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`closed_at` integer,
	`evaluated_at` integer NOT NULL,
	`evaluated_over` integer NOT NULL,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `incidents_number_unique` ON `incidents` (`number`);--> statement-breakpoint
CREATE INDEX `incidents_state` ON `incidents` (`state`,`opened_at`);--> statement-breakpoint
CREATE TABLE `retractions` (
	`bundle_id` text NOT NULL,
	`artifact_id` integer NOT NULL,
	`counts` integer NOT NULL,
	`reason` text NOT NULL,
	`replacement` text,
	`first_seen_at` integer NOT NULL,
	PRIMARY KEY(`bundle_id`, `artifact_id`),
	FOREIGN KEY (`bundle_id`) REFERENCES `bundles`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`artifact_id`) REFERENCES `artifacts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `retractions_artifact` ON `retractions` (`artifact_id`,`counts`);--> statement-breakpoint
CREATE TABLE `settings` (
	`section` text NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	`enabled` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`revision` integer NOT NULL,
	PRIMARY KEY(`section`, `name`)
);
--> statement-breakpoint
CREATE TABLE `publication_changes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`publication_id` text NOT NULL,
	`kind` text NOT NULL,
	`statement` text NOT NULL,
	`key` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`publication_id`) REFERENCES `publications`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `publication_changes_key` ON `publication_changes` (`publication_id`,`key`);--> statement-breakpoint
CREATE INDEX `publication_changes_at` ON `publication_changes` (`publication_id`,`at`);--> statement-breakpoint
CREATE TABLE `publications` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`target_id` text NOT NULL,
	`slug` text NOT NULL,
	`parts` text NOT NULL,
	`published_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`withdrawn_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `publications_slug_unique` ON `publications` (`slug`);--> statement-breakpoint
CREATE UNIQUE INDEX `publications_target` ON `publications` (`kind`,`target_id`);--> statement-breakpoint
CREATE TABLE `share_links` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`target_id` text NOT NULL,
	`parts` text NOT NULL,
	`note` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	`last_used_at` integer
);
--> statement-breakpoint
CREATE INDEX `share_links_target` ON `share_links` (`kind`,`target_id`);--> statement-breakpoint
CREATE TABLE `passkeys` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`public_key` blob NOT NULL,
	`counter` integer NOT NULL,
	`transports` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `passkeys_user` ON `passkeys` (`user_id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`method` text NOT NULL,
	`agent` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`,`revoked_at`);--> statement-breakpoint
CREATE INDEX `sessions_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `sign_in_pauses` (
	`id` text PRIMARY KEY NOT NULL,
	`failures` integer NOT NULL,
	`last_at` integer NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sign_in_pauses_last` ON `sign_in_pauses` (`last_at`);--> statement-breakpoint
CREATE TABLE `sign_in_steps` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`detail` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE INDEX `sign_in_steps_expiry` ON `sign_in_steps` (`expires_at`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`login` text,
	`email` text,
	`role` text NOT NULL,
	`password_hash` text,
	`oidc_issuer` text,
	`oidc_subject` text,
	`created_at` integer NOT NULL,
	`last_sign_in_at` integer,
	`disabled_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_login_unique` ON `users` (`login`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_oidc` ON `users` (`oidc_issuer`,`oidc_subject`);--> statement-breakpoint
DROP INDEX `bundles_signer`;--> statement-breakpoint
CREATE INDEX `bundles_key` ON `bundles` (`key_sha256`) WHERE key_sha256 IS NOT NULL;--> statement-breakpoint
CREATE INDEX `bundles_certificate` ON `bundles` (`certificate_sha256`) WHERE certificate_sha256 IS NOT NULL;--> statement-breakpoint
CREATE INDEX `bundles_signed` ON `bundles` (`signed_at`,`state`,`version_id`) WHERE version_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `bundles_signer` ON `bundles` (`san`,`issuer`,`state`,`signed_at`,`version_id`);--> statement-breakpoint
DROP INDEX `issued_certificates_state`;--> statement-breakpoint
ALTER TABLE `issued_certificates` ADD `tried_at` integer;--> statement-breakpoint
CREATE INDEX `issued_certificates_event` ON `issued_certificates` (`event_id`);--> statement-breakpoint
CREATE INDEX `issued_certificates_state` ON `issued_certificates` (`state`,`tried_at`);--> statement-breakpoint
ALTER TABLE `config_state` ADD `composition` text;--> statement-breakpoint
CREATE INDEX `attestations_builder` ON `attestations` ((facts ->> '$.builder.value'));--> statement-breakpoint
CREATE INDEX `attestations_repository` ON `attestations` ((facts ->> '$.repository.value'));--> statement-breakpoint
CREATE INDEX `attestations_commit` ON `attestations` ((facts ->> '$.commit.value'));--> statement-breakpoint
CREATE INDEX `attestations_entry_point` ON `attestations` ((facts ->> '$.entryPoint.value'));--> statement-breakpoint
CREATE INDEX `links_spread` ON `links` (`parent_id`,(CASE WHEN basis = 'attester' AND state <> 'declared' AND state <> 'conflict' THEN child_id ELSE -child_id END));--> statement-breakpoint
CREATE INDEX `links_uri` ON `links` (`uri`) WHERE uri IS NOT NULL;--> statement-breakpoint
CREATE INDEX `links_name` ON `links` (`name`) WHERE name IS NOT NULL;--> statement-breakpoint
CREATE INDEX `links_data` ON `links` (`child_id`) WHERE role = 'dataset';--> statement-breakpoint
CREATE INDEX `event_certificates_certificate` ON `event_certificates` (`certificate_id`);--> statement-breakpoint
CREATE INDEX `events_certificate` ON `events` (`certificate_sha256`) WHERE certificate_sha256 IS NOT NULL;--> statement-breakpoint
CREATE INDEX `events_key` ON `events` (`public_key_sha256`) WHERE public_key_sha256 IS NOT NULL;