"""The CloudFormation templates as they are written: linted, and read for what no stand-in for AWS keeps."""

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
            self.assertEqual(resources[name]["DeletionPolicy"], "Retain")
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
        self.assertEqual(resources["Records"]["DeletionPolicy"], "Retain")


if __name__ == "__main__":
    unittest.main(verbosity=2)
