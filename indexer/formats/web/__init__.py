"""Parts of a government site's page: titles, bars, tables, mailboxes, attachments."""
