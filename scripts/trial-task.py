"""Makes a trial of a task definition: another image, records of its own that vanish, no lock.

Reads the present definition as `aws ecs describe-task-definition` gives it on standard input, and writes what
`aws ecs register-task-definition` takes.
"""

import argparse
import json
import sys

KEPT = [
    "taskRoleArn", "executionRoleArn", "networkMode", "requiresCompatibilities", "cpu", "memory", "runtimePlatform",
]


def trial(definition, image, log_group):
    container = dict(definition["containerDefinitions"][0])
    container["image"] = image
    # The real one waits for the lock of the records that are served from; this one must not touch them.
    container["entryPoint"] = ["nefro"]
    container["logConfiguration"] = {
        "logDriver": "awslogs",
        "options": {
            **container.get("logConfiguration", {}).get("options", {}),
            # The first start of empty records prints a token. It is worth nothing, and still no business of the log's readers.
            "awslogs-group": log_group,
            "awslogs-stream-prefix": "trial",
        },
    }
    return {
        **{key: definition[key] for key in KEPT if definition.get(key)},
        "family": definition["family"] + "-trial",
        # A folder of the task: a volume without a place. The image says whose it is.
        "volumes": [{"name": "records"}],
        "containerDefinitions": [container],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--image", required=True)
    parser.add_argument("--log-group", required=True)
    arguments = parser.parse_args()
    json.dump(trial(json.load(sys.stdin), arguments.image, arguments.log_group), sys.stdout, indent=2)
