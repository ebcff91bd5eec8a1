"""Moto's server with two mends of how it changes ECS by CloudFormation.

1. Moto 5.2.5 turns `Image` into `image` where a template makes a task definition, and forgets to where it changes one; the
   service then names a definition that no client can read.
2. It changes resources in no order, and a service only if its own text changed: the service then goes on with the task
   definition before. CloudFormation itself changes what refers to something after it, and because of it.

Drop this file when `moto_server` needs it no longer.
"""

from moto.cloudformation.parsing import ResourceMap, parse_and_update_resource
from moto.core.utils import pascal_to_camelcase, remap_nested_keys
from moto.ecs.models import TaskDefinition
from moto.server import main

changed_definition = TaskDefinition.update_from_cloudformation_json.__func__
changed_resources = ResourceMap.update


def change_definition(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    properties = dict(cloudformation_json["Properties"])
    for key in ("ContainerDefinitions", "Volumes"):
        properties[key] = remap_nested_keys(properties.get(key, []), pascal_to_camelcase)
    return changed_definition(
        cls, original_resource, new_resource_name, {**cloudformation_json, "Properties": properties}, account_id, region_name)


def change_resources(self, template, parameters=None):
    changed_resources(self, template, parameters)
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::ECS::Service":
            self._parsed_resources[name] = parse_and_update_resource(
                name, resource, self, account_id=self._account_id, region_name=self._region_name)


TaskDefinition.update_from_cloudformation_json = classmethod(change_definition)
ResourceMap.update = change_resources

if __name__ == "__main__":
    main()
