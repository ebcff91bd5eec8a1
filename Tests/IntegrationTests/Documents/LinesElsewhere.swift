/// Lines of the documents that are not run with the others: where they are run instead, or why nowhere.
///
/// What could be run in a project of the reader's is not to be here; a command of nefro never is, but in the document whose
/// lines another test follows.
enum LinesElsewhere {
  struct Group {
    /// What the lines begin with.
    var start: String
    /// The only document that is meant; nil for all.
    var document: String?
    var reason: String
  }

  static let groups = [
    Group(start: "scripts/test", reason: "is what runs these tests"),
    Group(start: "swift ", reason: "is what builds and starts these tests"),
    Group(start: "scripts/lint", reason: "looks at the sources alone; scripts/test runs it in the end"),
    Group(
      start: "scripts/package",
      reason: "builds anew for 20 minutes; Tests/deployment/test_release.py runs it on a built program"),
    Group(
      start: "sudo apt-get install ./dist/",
      reason: "changes the machine; Tests/deployment/clean-root does it in a Debian of its own"),
    Group(
      start: "sudo systemctl ",
      reason: "needs systemd; Tests/deployment/test_operation.py starts and stops the server where a document says so"),
    Group(
      start: "docker ",
      reason: "needs a container engine; .github/workflows/build.yml builds an image, starts and scans it"),
    Group(start: "aws ", reason: "needs an account; Tests/deployment/test_aws.py makes the same of a stand-in for AWS"),
    Group(start: "scripts/deploy ", reason: "Tests/deployment/test_aws.py runs it against a stand-in for AWS"),
    Group(start: "scripts/rollback", reason: "Tests/deployment/test_aws.py runs it against a stand-in for AWS"),
    Group(start: "scripts/token ", reason: "Tests/deployment/test_aws.py runs it against a stand-in for AWS"),
    Group(
      start: "sudo ", document: "docs/operation.md",
      reason: "Tests/deployment/test_operation.py runs these lines on a server that answers, and tells which it leaves out"),
    Group(
      start: "python3 Benchmarks/peers/run.py",
      reason: "measures for hours, with frameworks from PyPI; its result is docs/benchmarks.md"),
    Group(
      start: "python3 -m venv venv && venv/bin/pip install -r Reference/",
      reason: "takes packages from PyPI; tests use no network"),
    Group(
      start: "venv/bin/python Reference/gate/far_pictures.py",
      reason: "needs those packages and real slices; its result is in docs/validation.md"),
    Group(
      start: "PYTHON=venv/bin/python Reference/heads/run.sh",
      reason: "needs those packages and real slices; its result is Reference/heads/study.json"),
  ]

  static func group(of line: String, in document: String) -> Group? {
    groups.first { line.hasPrefix($0.start) && [nil, document].contains($0.document) }
  }
}
