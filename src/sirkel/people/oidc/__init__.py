"""The one strict OpenID Connect client of the house: what is asked of a sign-in service, and what is believed of its answer.

Standards by name: OpenID Connect Core and Discovery 1.0, PKCE (RFC 7636, S256 alone), pushed requests (RFC 9126), the
issuer in the answer (RFC 9207), private_key_jwt (RFC 7523). JSON Web Tokens are made and checked by PyJWT.
"""
