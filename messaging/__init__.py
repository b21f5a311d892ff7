"""Floor 2: what leaves and enters by mail and notices: letters, notices, reminders, webhooks, intake."""
