"""
Says which CloudFormation types this LocalStack has a provider for, at /_localstack/tierkit/resource-types.

LocalStack deploys a type without one as a placeholder that does nothing and reads `unknown`. The adapter
(localstack/src) asks here, so that it need not guess from a version what this one can do.
"""

from localstack.services.cloudformation import resource_provider
from localstack.services.internal import get_internal_apis


def resource_types(_request):
    names = set(resource_provider.plugin_manager.list_names())
    # The paid editions keep theirs apart.
    if getattr(resource_provider, "PRO_RESOURCE_PROVIDERS", False):
        names |= set(resource_provider.pro_plugin_manager.list_names())
    return {"resourceTypes": sorted(names)}


get_internal_apis().add("/_localstack/tierkit/resource-types", resource_types)
