"""The commands that the page of keys shows."""

_COMMANDS = """\
# What is in the catalogue
curl {base_url}/api/v1/products/?limit=5 \\
  -H "Authorization: Bearer {key}"

# Add a product; sent again with the same Idempotency-Key, it is not added twice
curl {base_url}/api/v1/products/ \\
  -H "Authorization: Bearer {key}" \\
  -H "Content-Type: application/json" \\
  -H "Idempotency-Key: $(uuidgen)" \\
  -d '{{"title": "Oak stool", "handle": "oak-stool",
       "attributes": [{{"name": "Material", "value": "oak"}}]}}'

# Have a description written for it, then look how far it is
curl {base_url}/api/v1/generation-runs/ \\
  -H "Authorization: Bearer {key}" \\
  -H "Content-Type: application/json" \\
  -d '{{"products": ["prd_…"], "brief": {{"tone": "warm", "length": "medium"}}}}'
curl {base_url}/api/v1/generation-runs/run_…/ \\
  -H "Authorization: Bearer {key}"
"""


def curl_examples(base_url: str, key: str = "cdk_…") -> str:
    """A first walk through the API for a shell. key: as it was just made, or a placeholder."""
    return _COMMANDS.format(base_url=base_url, key=key)
