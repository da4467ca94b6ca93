"""到期提醒 outside the console: by mail and to webhooks, run daily from the command line."""
