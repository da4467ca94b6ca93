"""Who comes in: authentication, single sign-on, cookies, forms, uploads."""
