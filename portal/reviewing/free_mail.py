"""Providers that give anybody an address: that two people share one of these domains says nothing."""

FREE_MAIL = frozenset(
    {
        "aol.com", "fastmail.com", "gmail.com", "gmx.be", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.be",
        "hotmail.com", "hotmail.fr", "hotmail.nl", "icloud.com", "laposte.net", "live.be", "live.com", "live.nl",
        "mac.com", "mail.be", "mail.com", "mailbox.org", "me.com", "mobileviking.be", "msn.com", "orange.fr", "outlook.be",
        "outlook.com", "outlook.fr", "outlook.nl", "pandora.be", "proton.me", "protonmail.com", "proximus.be", "scarlet.be",
        "skynet.be", "telenet.be", "tuta.com", "tutanota.com", "voo.be", "web.de", "yahoo.com", "yahoo.co.uk", "yahoo.fr",
        "ymail.com", "zoho.com",
    }
)  # fmt: skip
