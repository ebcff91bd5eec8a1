"""The CloudFormation templates as they are written: linted, and read for what no stand-in for AWS keeps."""

import re
import subprocess
import unittest

import cfnlint.decode

from loopback_aws import PROJECT, TOOLS


class TemplateTests(unittest.TestCase):
    def test_both_templates_pass_cfn_lint(self):
        templates = sorted(str(path) for path in (PROJECT / "deploy/aws").glob("*.yml"))
        self.assertEqual(len(templates), 2)
        done = subprocess.run([TOOLS / "cfn-lint", *templates], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_what_moto_does_not_keep_is_in_the_template(self):
        template, _ = cfnlint.decode.decode(str(PROJECT / "deploy/aws/core.yml"))
        resources = template["Resources"]
        for name in ("Models", "DataRemote"):
            bucket = resources[name]["Properties"]
            self.assertEqual(set(bucket["PublicAccessBlockConfiguration"].values()), {True})
            self.assertEqual(len(bucket["PublicAccessBlockConfiguration"]), 4)
            self.assertEqual(bucket["VersioningConfiguration"], {"Status": "Enabled"})
            statement = resources[name + "Policy"]["Properties"]["PolicyDocument"]["Statement"][0]
            self.assertEqual((statement["Effect"], statement["Condition"]), ("Deny", {"Bool": {"aws:SecureTransport": "false"}}))
        tables = {
            one["Properties"]["SubnetId"]["Ref"]: one["Properties"]["RouteTableId"]["Ref"] for one in resources.values()
            if one["Type"] == "AWS::EC2::SubnetRouteTableAssociation"}
        self.assertEqual(
            tables, {"EdgeSubnetA": "EdgeRoutes", "EdgeSubnetB": "EdgeRoutes", "PrivateSubnetA": "PrivateRoutes",
                     "PrivateSubnetB": "PrivateRoutes"})
        ways_out = [
            one["Properties"]["RouteTableId"]["Ref"] for one in resources.values() if one["Type"] == "AWS::EC2::Route"]
        self.assertEqual(ways_out, ["EdgeRoutes"])
        subnets = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::EC2::Subnet"]
        self.assertEqual([subnet["MapPublicIpOnLaunch"] for subnet in subnets], [False] * 4)
        self.assertTrue(resources["Images"]["Properties"]["ImageScanningConfiguration"]["ScanOnPush"])
        server = resources["Server"]["Properties"]
        self.assertEqual(server["LaunchType"], "FARGATE")
        network = server["NetworkConfiguration"]["AwsvpcConfiguration"]
        self.assertEqual(network["AssignPublicIp"], "DISABLED")
        self.assertEqual([one["Ref"] for one in network["Subnets"]], ["PrivateSubnetA", "PrivateSubnetB"])
        deployment = server["DeploymentConfiguration"]
        self.assertEqual((deployment["MinimumHealthyPercent"], deployment["MaximumPercent"]), (0, 100))
        self.assertEqual(deployment["DeploymentCircuitBreaker"], {"Enable": True, "Rollback": True})
        # Kept when the stack goes, and out of the way of the next try when it was never made whole.
        kept = {name for name, one in resources.items() if one.get("DeletionPolicy") == "RetainExceptOnCreate"}
        self.assertEqual(kept, {"Images", "Models", "DataRemote", "Records", "ServerLog"})
        self.assertEqual({resources[name]["UpdateReplacePolicy"] for name in kept}, {"Retain"})

    def test_the_image_looks_for_weights_where_the_document_says_that_they_are_mounted(self):
        # The program's cache is the folder "nefro" below the one that the variable names.
        text = (PROJECT / "Dockerfile").read_text()
        cache = re.search(r"^ENV(?:.*\\\n)*.*\bXDG_CACHE_HOME=(\S+)", text, re.MULTILINE).group(1) + "/nefro"
        self.assertEqual(re.search(r"^COPY --from=weights /weights/nefro (\S+)$", text, re.MULTILINE).group(1), cache)
        self.assertIn(f"`weights/vgg16.safetensors` at `{cache}`", (PROJECT / "docs/deployment.md").read_text())
        unit = (PROJECT / "deploy/systemd/nefro.service").read_text()
        self.assertIn(f"ConditionPathExists={cache}/weights/vgg16.safetensors\n", unit)

    def test_alarms_and_rules_reach_the_topic(self):
        template, _ = cfnlint.decode.decode(str(PROJECT / "deploy/aws/watch.yml"))
        resources = template["Resources"]
        for name, policy in (("ToldPolicy", "PolicyDocument"), ("Key", "KeyPolicy")):
            by_service = {
                one["Principal"]["Service"]: one for one in resources[name]["Properties"][policy]["Statement"]
                if "Service" in one["Principal"]}
            self.assertEqual(set(by_service), {"cloudwatch.amazonaws.com", "events.amazonaws.com"})
            self.assertIn("Condition", by_service["cloudwatch.amazonaws.com"])
            # EventBridge brings nothing along that a condition could look at: its messages would be dropped in silence.
            self.assertNotIn("Condition", by_service["events.amazonaws.com"])
        topic = {"Ref": "Told"}
        alarms = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::CloudWatch::Alarm"]
        self.assertGreater(len(alarms), 7)
        self.assertEqual([alarm["AlarmName"] for alarm in alarms if alarm["AlarmActions"] != [topic]], [])
        # What is counted in the log is what is alarmed on, by fields that a line has; who is told finds the runbook's words.
        filters = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::Logs::MetricFilter"]
        counted = {one["MetricTransformations"][0]["MetricName"] for one in filters}
        self.assertEqual(counted, {alarm["MetricName"] for alarm in alarms if alarm["Namespace"] == {"Ref": "Core"}})
        operation = (PROJECT / "docs/operation.md").read_text()
        told = operation.split("### Errors\n")[1].split(", all as texts")[0]
        for one in filters:
            self.assertLessEqual(set(re.findall(r"\$\.(\w+)", one["FilterPattern"])), set(re.findall(r"`(\w+)`", told)))
        for alarm in alarms:
            text = alarm["AlarmDescription"]
            heading = re.search(r'docs/operation.md, "(.+)"', text if isinstance(text, str) else text["Fn::Sub"]).group(1)
            self.assertIn(f"\n### {heading}\n", operation)
        rules = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::Events::Rule"]
        self.assertEqual([[target["Arn"] for target in rule["Targets"]] for rule in rules], [[topic]] * 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
