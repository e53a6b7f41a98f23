"""What a connected shop of a merchant's own has sealed."""

SECRETS = {
    "url": "https://shop.example/reveni",
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "webhook_secret": "whsec_c29tZXRoaW5nIG9mIDI0IGJ5dGVzISEh",
    "capabilities": "orders,refunds,webhooks",
}
