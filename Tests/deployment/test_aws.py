"""Deploys the templates to moto's server, twice, with a way back between, and asks each service what it has.

A stack's status says nothing here: moto calls a stack complete though it skipped types that it does not know. What moto
cannot show is in docs/deployment.md. Moto starts no containers: where a real AWS would, the test registers the target or
writes the log line, and says so.
"""

import ast
import concurrent.futures
import json
import re
import time
import unittest
import urllib.request

import boto3

from loopback_aws import PROJECT, AWSError, LoopbackAWS

STACK = "nefro"
TOKEN = "nefro_0123abcd_" + "5" * 64


class DeploymentTests(unittest.TestCase):
    """One deployment after the other, in the order of their names: each stands on what the one before left."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.cloud = LoopbackAWS()
        cls.digests = {}
        cls.certificate = cls.cloud.aws("acm", "request-certificate", "--domain-name", "nefro.example.org")["CertificateArn"]

    @classmethod
    def tearDownClass(cls):
        cls.cloud.close()

    def aws(self, *arguments):
        return self.cloud.aws(*arguments)

    def deploy(self, *arguments, succeeds=True, script="deploy"):
        code, output, errors = self.cloud.script(script, *arguments)
        self.assertEqual(code == 0, succeeds, f"{script} {arguments}: {code}\n{output}\n{errors}")
        return output + errors

    def output(self, name):
        outputs = self.aws("cloudformation", "describe-stacks", "--stack-name", STACK)["Stacks"][0]["Outputs"]
        return next(output["OutputValue"] for output in outputs if output["OutputKey"] == name)

    def push(self, tag, content):
        """An image as a registry keeps it: a manifest. Moto scans only when asked to."""
        manifest = {
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": "sha256:" + content * 64},
            # Moto makes the image's digest of its layers'.
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "size": 2, "digest": "sha256:" + content * 64}],
        }
        image = self.aws(
            "ecr", "put-image", "--repository-name", STACK, "--image-tag", tag, "--image-manifest", json.dumps(manifest))
        self.aws("ecr", "start-image-scan", "--repository-name", STACK, "--image-id", f"imageTag={tag}")
        self.digests[tag] = image["image"]["imageId"]["imageDigest"]

    def running(self):
        service = self.aws("ecs", "describe-services", "--cluster", STACK, "--services", "server")["services"][0]
        definition = self.aws("ecs", "describe-task-definition", "--task-definition", service["taskDefinition"])
        return service, definition["taskDefinition"]

    def assertRuns(self, tag):
        service, definition = self.running()
        self.assertEqual(definition["containerDefinitions"][0]["image"], f"{self.output('Repository')}@{self.digests[tag]}")
        self.assertEqual(service["desiredCount"], 1)

    # MARK: infrastructure

    def test_10_refuses_what_is_missing(self):
        self.assertIn("unknown command", self.deploy("everything", succeeds=False))
        self.assertIn("There is no stack", self.deploy("watch", "--email", "a@example.org", succeeds=False))
        self.assertIn("--certificate and --from", self.deploy("infrastructure", "--from", "198.51.100.0/24", succeeds=False))
        self.assertIn("names no value", self.deploy("infrastructure", "--set", "Cpu", succeeds=False))

    def test_11_makes_the_infrastructure(self):
        provider = self.aws(
            "iam", "create-open-id-connect-provider", "--url", "https://token.actions.githubusercontent.com",
            "--client-id-list", "sts.amazonaws.com")["OpenIDConnectProviderArn"]
        said = self.deploy(
            "infrastructure", "--certificate", self.certificate, "--from", "198.51.100.0/24", "--set",
            f"GitHubProviderArn={provider}", "--set", "GitHubRepository=owner@1/nefro@2",
            # Moto forgets parameters that nobody named, and then cannot keep their values.
            "--set", "NetworkPrefix=10.40", "--set", "Architecture=X86_64", "--set", "Cpu=2048", "--set", "Memory=4096",
            "--set", "LogDays=365")
        self.assertIn("repository  ", said)

    def test_12_again_changes_nothing(self):
        def all_there_is():
            return {
                "networks": self.aws("ec2", "describe-vpcs")["Vpcs"],
                "rules": self.aws("ec2", "describe-security-groups")["SecurityGroups"],
                "balancers": self.aws("elbv2", "describe-load-balancers")["LoadBalancers"],
                "buckets": self.aws("s3api", "list-buckets")["Buckets"],
                "records": [one["FileSystemId"] for one in self.aws("efs", "describe-file-systems")["FileSystems"]],
                "roles": [role["RoleId"] for role in self.aws("iam", "list-roles")["Roles"]],
                "definition": self.running()[1]["containerDefinitions"],
            }

        before = all_there_is()
        self.deploy("infrastructure")
        self.assertEqual(all_there_is(), before)

    def network(self):
        vpcs = self.aws("ec2", "describe-vpcs", "--filters", "Name=cidr,Values=10.40.0.0/16")["Vpcs"]
        self.assertEqual(len(vpcs), 1)
        return vpcs[0]["VpcId"]

    def test_13_one_route_table_leads_out_and_the_other_only_to_s3(self):
        tables = self.aws("ec2", "describe-route-tables", "--filters", f"Name=vpc-id,Values={self.network()}")["RouteTables"]
        ways = []
        for table in tables:
            if any(association.get("Main") for association in table["Associations"]):
                continue
            routes = [route["GatewayId"].split("-")[0] for route in table["Routes"] if route["GatewayId"] != "local"]
            ways.append(routes)
        self.assertEqual(sorted(ways), [["igw"], ["vpce"]])
        subnets = self.aws("ec2", "describe-subnets", "--filters", f"Name=vpc-id,Values={self.network()}")["Subnets"]
        self.assertEqual(
            sorted(subnet["CidrBlock"] for subnet in subnets),
            ["10.40.0.0/24", "10.40.1.0/24", "10.40.10.0/24", "10.40.11.0/24"])
        self.assertEqual(len({subnet["AvailabilityZone"] for subnet in subnets}), 2)

    def test_14_services_are_reached_by_endpoints(self):
        endpoints = self.aws("ec2", "describe-vpc-endpoints")["VpcEndpoints"]
        self.assertEqual(
            sorted((endpoint["ServiceName"], endpoint["VpcEndpointType"]) for endpoint in endpoints),
            [("com.amazonaws.eu-west-1.ecr.api", "Interface"), ("com.amazonaws.eu-west-1.ecr.dkr", "Interface"),
             ("com.amazonaws.eu-west-1.logs", "Interface"), ("com.amazonaws.eu-west-1.s3", "Gateway")])

    def test_14_and_they_lead_to_nobody_else(self):
        repository = self.aws("ecr", "describe-repositories")["repositories"][0]["repositoryArn"]
        groups = [group["arn"].removesuffix(":*") for group in self.aws("logs", "describe-log-groups")["logGroups"]]
        allowed = {}
        for endpoint in self.aws("ec2", "describe-vpc-endpoints")["VpcEndpoints"]:
            service = endpoint["ServiceName"].split("eu-west-1.")[1]
            for statement in self.read(endpoint["PolicyDocument"])["Statement"]:
                self.assertEqual(statement["Effect"], "Allow")
                actions, resources = ([one] if isinstance(one, str) else one for one in (statement["Action"], statement["Resource"]))
                # A log group's name ends in ":*", for its streams, in AWS; in moto's templates it does not.
                allowed.setdefault(service, set()).update(
                    (action, one.removesuffix(":*")) for action in actions for one in resources)
        pulls = {("ecr:GetAuthorizationToken", "*")} | {
            (action, repository) for action in
            ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")}
        self.assertEqual(allowed, {
            "ecr.api": pulls, "ecr.dkr": pulls,
            "logs": {(action, group) for action in ("logs:CreateLogStream", "logs:PutLogEvents") for group in groups},
            "s3": {("s3:GetObject", "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*")}})

    def test_15_only_the_named_network_reaches_the_load_balancer_and_it_alone_the_server(self):
        groups = {
            group["GroupId"]: group for group in self.aws(
                "ec2", "describe-security-groups", "--filters", f"Name=vpc-id,Values={self.network()}")["SecurityGroups"]
            if group["GroupName"] != "default"}
        self.assertEqual(len(groups), 4)
        server = self.output("ServerSecurityGroup")
        balancer = next(key for key, group in groups.items() if "load balancer" in group["Description"])

        def ways_in(group):
            return {
                (rule["FromPort"], tuple(range_["CidrIp"] for range_ in rule["IpRanges"]),
                 tuple(pair["GroupId"] for pair in rule["UserIdGroupPairs"]))
                for rule in group["IpPermissions"]}

        self.assertEqual(
            ways_in(groups[balancer]), {(443, ("198.51.100.0/24",), ()), (80, ("198.51.100.0/24",), ())})
        self.assertEqual(ways_in(groups[server]), {(8080, (), (balancer,))})
        others = [group for key, group in groups.items() if key not in (server, balancer)]
        self.assertEqual(
            sorted(way for group in others for way in ways_in(group)), [(443, (), (server,)), (2049, (), (server,))])

    def test_16_the_load_balancer_speaks_tls_and_sends_plain_requests_on(self):
        balancers = self.aws("elbv2", "describe-load-balancers")["LoadBalancers"]
        self.assertEqual(len(balancers), 1)
        self.assertEqual(len(balancers[0]["AvailabilityZones"]), 2)
        listeners = self.aws(
            "elbv2", "describe-listeners", "--load-balancer-arn", balancers[0]["LoadBalancerArn"])["Listeners"]
        listeners = {listener["Port"]: listener for listener in listeners}
        self.assertEqual(set(listeners), {80, 443})
        self.assertEqual(listeners[443]["Protocol"], "HTTPS")
        self.assertEqual(listeners[443]["SslPolicy"], "ELBSecurityPolicy-TLS13-1-2-2021-06")
        self.assertEqual(listeners[443]["Certificates"][0]["CertificateArn"], self.certificate)
        self.assertEqual(listeners[80]["DefaultActions"][0]["Type"], "redirect")
        self.assertEqual(listeners[80]["DefaultActions"][0]["RedirectConfig"]["Protocol"], "HTTPS")
        group = self.aws("elbv2", "describe-target-groups")["TargetGroups"][0]
        self.assertEqual(listeners[443]["DefaultActions"][0]["TargetGroupArn"], group["TargetGroupArn"])
        self.assertEqual((group["HealthCheckPath"], group["Port"], group["TargetType"]), ("/readyz", 8080, "ip"))

    def test_17_there_are_two_encrypted_buckets(self):
        names = {self.output("ModelsBucket"), self.output("DataRemoteBucket")}
        self.assertEqual({bucket["Name"] for bucket in self.aws("s3api", "list-buckets")["Buckets"]}, names)
        for name in names:
            rules = self.aws("s3api", "get-bucket-encryption", "--bucket", name)["ServerSideEncryptionConfiguration"]
            self.assertEqual(rules["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256")

    def test_18_records_are_encrypted_and_of_the_images_user(self):
        systems = self.aws("efs", "describe-file-systems")["FileSystems"]
        self.assertEqual([system["Encrypted"] for system in systems], [True])
        targets = self.aws("efs", "describe-mount-targets", "--file-system-id", systems[0]["FileSystemId"])["MountTargets"]
        self.assertEqual({target["SubnetId"] for target in targets}, set(self.output("ServerSubnets").split(",")))
        points = self.aws("efs", "describe-access-points")["AccessPoints"]
        self.assertEqual([point["PosixUser"] for point in points], [{"Uid": 10001, "Gid": 10001}])
        self.assertEqual(points[0]["RootDirectory"]["CreationInfo"]["Permissions"], "0700")

    @staticmethod
    def read(document):
        """A policy as AWS gives it, or in Python's own writing, as moto gives some."""
        if not isinstance(document, str):
            return document
        try:
            return json.loads(document)
        except ValueError:
            return ast.literal_eval(document)

    def policies(self, role):
        names = self.aws("iam", "list-role-policies", "--role-name", role)["PolicyNames"]
        documents = [
            self.aws("iam", "get-role-policy", "--role-name", role, "--policy-name", name)["PolicyDocument"] for name in names]
        return [statement for document in documents for statement in self.read(document)["Statement"]]

    def test_19_roles_may_only_what_they_must(self):
        roles = {role["RoleName"]: role for role in self.aws("iam", "list-roles")["Roles"]}
        self.assertEqual(len(roles), 4)
        everywhere = set()
        for name in roles:
            for statement in self.policies(name):
                self.assertEqual(statement["Effect"], "Allow")
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                self.assertFalse(any("*" in action for action in actions), actions)
                if statement["Resource"] == "*":
                    everywhere.update(actions)
        # These cannot be narrowed, says the services' own table of actions.
        self.assertEqual(
            everywhere,
            {"ecr:GetAuthorizationToken", "ecs:RegisterTaskDefinition", "ecs:DeregisterTaskDefinition",
             "ecs:DescribeTaskDefinition", "elasticloadbalancing:DescribeTargetHealth",
             "ec2:DescribeAccountAttributes", "ec2:DescribeAvailabilityZones", "ec2:DescribeSubnets"})

    def test_20_workflows_prove_themselves_by_githubs_tokens_of_this_repository(self):
        def subject(output):
            role = self.aws("iam", "get-role", "--role-name", self.output(output).split("/")[-1])["Role"]
            statement = role["AssumeRolePolicyDocument"]["Statement"][0]
            self.assertEqual(statement["Action"], "sts:AssumeRoleWithWebIdentity")
            condition = statement["Condition"]
            self.assertEqual(condition["StringEquals"]["token.actions.githubusercontent.com:aud"], "sts.amazonaws.com")
            merged = {**condition["StringEquals"], **condition.get("StringLike", {})}
            return merged["token.actions.githubusercontent.com:sub"]

        self.assertEqual(subject("PublishRole"), "repo:owner@1/nefro@2:ref:refs/tags/v*")
        self.assertEqual(subject("DeployRole"), "repo:owner@1/nefro@2:environment:production")

    def test_21_logs_are_kept_a_year_and_tokens_a_day(self):
        groups = {group["logGroupName"]: group.get("retentionInDays") for group in self.aws("logs", "describe-log-groups")["logGroups"]}
        self.assertEqual(groups, {"/nefro/server": 365, "/nefro/tokens": 1})

    def test_22_nothing_is_started_before_there_is_an_image(self):
        service, definition = self.running()
        self.assertEqual(service["desiredCount"], 0)
        self.assertTrue(definition["containerDefinitions"][0]["image"].endswith("/nefro:none"))
        self.assertIn("There is no image", self.deploy("version", "v0.1.0", succeeds=False))
        self.assertIn("there is none to go back from", self.deploy(script="rollback", succeeds=False))
        self.assertIn("No version is in place", self.deploy("somebody", "reader", script="token", succeeds=False))

    # MARK: versions

    def test_30_a_tag_names_one_image_for_ever(self):
        repository = self.aws("ecr", "describe-repositories")["repositories"][0]
        self.assertEqual(repository["imageTagMutability"], "IMMUTABLE")
        self.push("v0.1.0", "a")
        with self.assertRaisesRegex(AWSError, "AlreadyExists"):
            self.push("v0.1.0", "b")

    def test_31_refuses_latest(self):
        self.assertIn("says nothing about which version", self.deploy("version", "latest", succeeds=False))

    def test_32_a_prepared_version_is_in_place_and_does_not_run(self):
        self.deploy("version", "v0.1.0", "--prepare")
        service, definition = self.running()
        self.assertEqual(service["desiredCount"], 0)
        container = definition["containerDefinitions"][0]
        self.assertEqual(container["image"], f"{self.output('Repository')}@{self.digests['v0.1.0']}")
        self.assertTrue(container["readonlyRootFilesystem"])
        self.assertEqual(container["user"], "10001:10001")
        self.assertEqual(container["command"], ["serve", "--host", "0.0.0.0", "--port", "8080", "--behind-proxy"])
        self.assertEqual(container["linuxParameters"]["capabilities"]["drop"], ["ALL"])

    def test_33_a_version_that_nobody_finds_ready_is_not_noted_as_good(self):
        # Moto starts no task, so the load balancer finds none.
        self.assertIn("No server got ready", self.deploy("version", "v0.1.0", succeeds=False))
        with self.assertRaisesRegex(AWSError, "ParameterNotFound"):
            self.aws("ssm", "get-parameter", "--name", "/nefro/serving")

    def serve(self):
        """What ECS does when a task runs: it tells the load balancer where. Moto finds each target healthy."""
        self.aws(
            "elbv2", "register-targets", "--target-group-arn", self.output("TargetGroup"), "--targets", "Id=10.40.10.17,Port=8080")

    def test_34_the_first_version_serves(self):
        self.serve()
        self.assertIn("Serving", self.deploy("version", "v0.1.0"))
        self.assertRuns("v0.1.0")

    def test_35_there_is_nothing_to_go_back_to_yet(self):
        self.assertIn("nothing to go back to", self.deploy(script="rollback", succeeds=False))
        self.assertRuns("v0.1.0")

    def test_36_the_second_version_is_tried_beside_it_and_then_serves(self):
        self.push("v0.2.0", "c")
        before = self.stopped_tasks()
        self.assertIn("Trying it beside", self.deploy("version", "v0.2.0"))
        self.assertRuns("v0.2.0")
        families = self.aws("ecs", "list-task-definitions", "--family-prefix", "nefro-server-trial", "--status", "ACTIVE")
        self.assertEqual(families["taskDefinitionArns"], [])
        tried = self.stopped_tasks() - before
        self.assertEqual(len(tried), 1)
        task = self.aws("ecs", "describe-tasks", "--cluster", STACK, "--tasks", *tried)["tasks"][0]
        trial = self.aws("ecs", "describe-task-definition", "--task-definition", task["taskDefinitionArn"])["taskDefinition"]
        container = trial["containerDefinitions"][0]
        self.assertEqual(container["image"], f"{self.output('Repository')}@{self.digests['v0.2.0']}")
        self.assertEqual((container["entryPoint"], container["command"][0]), (["nefro"], "serve"))
        # Neither the records that are served from, nor the log that everybody reads.
        self.assertEqual(trial["volumes"], [{"name": "records"}])
        self.assertEqual(container["logConfiguration"]["options"]["awslogs-group"], "/nefro/tokens")

    def stopped_tasks(self):
        return set(self.aws("ecs", "list-tasks", "--cluster", STACK, "--desired-status", "STOPPED")["taskArns"])

    def test_37_the_way_back(self):
        self.deploy(script="rollback")
        self.assertRuns("v0.1.0")

    def test_38_the_second_version_again(self):
        self.deploy("version", "v0.2.0")
        self.assertRuns("v0.2.0")
        history = self.deploy("--list", script="rollback").split()
        self.assertEqual(
            [image.split("@")[1] for image in history],
            [self.digests[tag] for tag in ("v0.2.0", "v0.1.0", "v0.2.0", "v0.1.0")])

    def test_38_a_history_of_more_than_a_page_is_told_from_its_end(self):
        client = boto3.client(
            "ssm", endpoint_url=self.cloud.address, region_name="eu-west-1", aws_access_key_id="loopback",
            aws_secret_access_key="loopback")
        for number in range(60):
            client.put_parameter(Name="/paged/serving", Type="String", Overwrite=True, Value=f"version-{number}")
        history = self.deploy("--stack", "paged", "--list", script="rollback").split()
        self.assertEqual(history, [f"version-{number}" for number in reversed(range(60))])

    def test_39_critical_holes_stop_a_version_unless_a_person_accepts_them(self):
        self.push("v0.3.0", "d")
        self.queue_holes("v0.3.0", 2)
        self.assertIn("found 2 critical holes", self.deploy("version", "v0.3.0", succeeds=False))
        self.assertRuns("v0.2.0")
        self.queue_holes("v0.3.0", 2)
        self.assertIn("2 critical holes are accepted", self.deploy("version", "v0.3.0", "--accept-holes"))
        self.assertRuns("v0.3.0")
        self.deploy(script="rollback")
        self.assertRuns("v0.2.0")

    def queue_holes(self, tag, count):
        """Tells moto what its next answers about scans are: for the one that waits, and the one that reads."""
        finding = {
            "imageScanFindings": {"findings": [], "findingSeverityCounts": {"CRITICAL": count}}, "registryId": "123456789012",
            "repositoryName": STACK, "imageId": {"imageTag": tag}, "imageScanStatus": {"status": "COMPLETE"}}
        request = urllib.request.Request(
            f"{self.cloud.address}/moto-api/static/ecr/scan-finding-results", method="POST",
            data=json.dumps({"results": [finding] * 2, "region": "eu-west-1"}).encode(),
            headers={"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=60).close()

    def test_40_what_is_wrong_with_a_token_is_said_before_the_server_rests(self):
        self.assertIn("no number of days", self.deploy("x", "reader", "--days", "soon", script="token", succeeds=False))
        self.assertIn("needs a name", self.deploy("", "reader", script="token", succeeds=False))
        said = self.deploy("x", "reader", "--secret", "nefro/nowhere", script="token", succeeds=False)
        self.assertIn("There is no secret 'nefro/nowhere'", said)
        self.assertNotIn("rests", said)
        self.assertEqual(self.aws("ecs", "list-tasks", "--cluster", STACK, "--family", "nefro-tokens")["taskArns"], [])

    def play_token_task(self):
        """What ECS does with the task that makes a token: it runs, its output becomes log lines, and it ends."""
        deadline = time.monotonic() + 120
        while not (tasks := self.aws("ecs", "list-tasks", "--cluster", STACK, "--family", "nefro-tokens")["taskArns"]):
            if time.monotonic() > deadline:
                return
            time.sleep(0.5)
        self.assertEqual(self.running()[0]["desiredCount"], 0)
        task = self.aws("ecs", "describe-tasks", "--cluster", STACK, "--tasks", tasks[0])["tasks"][0]
        self.commands.append(task["overrides"]["containerOverrides"][0]["command"])
        stream = "tokens/tokens/" + tasks[0].split("/")[-1]
        self.aws("logs", "create-log-stream", "--log-group-name", "/nefro/tokens", "--log-stream-name", stream)
        self.aws(
            "logs", "put-log-events", "--log-group-name", "/nefro/tokens", "--log-stream-name", stream, "--log-events",
            json.dumps([{"timestamp": int(time.time() * 1000), "message": TOKEN}]))
        self.aws("ecs", "stop-task", "--cluster", STACK, "--task", tasks[0])

    def test_41_a_token_is_made_while_the_server_rests_and_leaves_no_trace_in_the_log(self):
        self.aws("secretsmanager", "create-secret", "--name", "nefro/administrator-token")
        self.commands = []
        with concurrent.futures.ThreadPoolExecutor() as threads:
            played = threads.submit(self.play_token_task)
            said = self.deploy(
                "reading room; ls", "administrator", "--days", "30", "--secret", "nefro/administrator-token", script="token")
            played.result()
        self.assertEqual(
            self.commands, [["tokens", "create", "reading room; ls", "--role", "administrator", "--days", "30"]])
        self.assertNotIn(TOKEN, said)
        secret = self.aws("secretsmanager", "get-secret-value", "--secret-id", "nefro/administrator-token")
        self.assertEqual(secret["SecretString"], TOKEN)
        self.assertEqual(self.aws("logs", "describe-log-streams", "--log-group-name", "/nefro/tokens")["logStreams"], [])
        self.assertRuns("v0.2.0")

    # MARK: secrets and alarms

    def test_50_alarms_and_who_is_told(self):
        self.deploy("watch", "--email", "operator@example.org")
        topics = self.aws("sns", "list-topics")["Topics"]
        self.assertEqual([topic["TopicArn"].split(":")[-1] for topic in topics], ["nefro-alarms"])
        told = self.aws("sns", "list-subscriptions-by-topic", "--topic-arn", topics[0]["TopicArn"])["Subscriptions"]
        self.assertEqual([(one["Protocol"], one["Endpoint"]) for one in told], [("email", "operator@example.org")])
        rules = self.aws("events", "list-rules")["Rules"]
        sources = sorted(json.loads(rule["EventPattern"])["source"][0] for rule in rules)
        self.assertEqual(sources, ["aws.ecr", "aws.ecs"])
        keys = self.aws("kms", "list-keys")["Keys"]
        rotating = [self.aws("kms", "get-key-rotation-status", "--key-id", key["KeyId"])["KeyRotationEnabled"] for key in keys]
        self.assertIn(True, rotating)

    def test_51_a_deployment_by_alarms_stack_left_the_server_alone(self):
        self.assertRuns("v0.2.0")


    def test_90_what_moto_skipped_is_what_the_document_says(self):
        with open(self.cloud.log.name) as log:
            skipped = {line.split()[-1] for line in log if line.startswith("No Moto CloudFormation support for ")}
        document = (PROJECT / "docs/deployment.md").read_text()
        section = document.split("### What moto cannot show")[1].split("\n#")[0]
        self.assertEqual(skipped, set(re.findall(r"`(AWS::[A-Za-z0-9:]+)`", section)))


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=False)
