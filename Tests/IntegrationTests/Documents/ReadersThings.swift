/// What a reader of the documents puts in or has, and what stands for it when their lines are run: the only differences
/// between what a document shows and what a test runs.
///
/// `$CHECKOUT` is the package's folder, `$LOOPBACK` a server of the tests, `$NEFRO` and `$MLFLOW` the servers that the
/// documents start.
enum ReadersThings {
  /// Whole lines that are run otherwise: the demo beside the checkout, and a project whose pictures are small, so that it
  /// trains in seconds.
  static let lines = [
    "scripts/demo": "scripts/demo --out ~/demo",
    "scripts/demo --data FOLDER": "scripts/demo --out ~/demo --data ~/demo/hospital",
    "cd ~/nefro-try": "cd ~/nefro-try && sed -i 's/224, 224/64, 64/' params.yaml config/report-params.yaml",
    // Into a cache of its own: the one of the other tests has them.
    "nefro weights fetch vgg16 --from vgg16.safetensors":
      "XDG_CACHE_HOME=~/cache nefro weights fetch vgg16 --from vgg16.safetensors",
  ]

  /// Words of all other lines, replaced in this order.
  static let words = [
    ("--patients 60", "--patients 12"),
    // A link is a link: how Google Drive and Kaggle give a file is tried by GoogleDriveTests and KaggleTests.
    ("https://example.org/slices.tar.gz", "$LOOPBACK/slices.tar.gz"),
    ("'https://drive.google.com/file/d/FILE-IDENTIFIER/view?usp=sharing'", "$LOOPBACK/slices.tar.gz"),
    ("kaggle:nazmul0087/ct-kidney-dataset-normal-cyst-tumor-and-stone", "$LOOPBACK/slices.tar.gz"),
    ("https://dagshub.com/OWNER/REPO.dvc", "$LOOPBACK/remote"),
    ("FOLDER", "hospital"),
    ("corte.png", "'hospital/Tumor/Tumor- (1).jpg'"),
    ("3f2a", "$(run 1)"), ("91bc", "$(run 2)"),
    (" RUN", " $(run 1)"), ("FIRST SECOND", "$(run 1) $(run 2)"),
    ("3f9a01c2", "$(token)"),
    ("2026-11-28", "$(date -u +%F)"),
    ("nefro serve", "nefro serve --port $PORT"),
    ("mlflow server", "mlflow server --workers 1 --host 127.0.0.1 --port $PORT"),
    ("nefro runs sync", "MLFLOW_TRACKING_URI=$MLFLOW nefro runs sync"),
    ("http://127.0.0.1:8080", "$NEFRO"),
    ("sudo -u nefro ", ""),
    ("/var/cache", "\"$XDG_CACHE_HOME\""),
    ("/var/lib/nefro", "~/records"),
  ]

  /// What must be there before a line: run once, just before it. A server that is started so lives as long as the
  /// document is read.
  static let before = [
    "scripts/demo": ["mkdir ~/demo", "sed 's/224, 224/64, 64/' params.yaml >~/demo/params.yaml"],
    "nefro weights fetch vgg16 --from vgg16.safetensors": ["ln -s \"$XDG_CACHE_HOME/nefro/weights/vgg16.safetensors\" ."],
    "nefro ingest --source slices.zip --replace": [
      "python3 -m zipfile -c slices.zip hospital", "tar -czf ~/slices.tar.gz hospital",
    ],
    "nefro sweep config/sweep.yaml": ["mkdir before after", "cp predictions.json before"],
    "nefro compare --common before after": ["cp predictions.json after"],
    "nefro reproduce --join kidney-ct-two-class kidney-ct-four-class": [
      "nefro synthesize --out kidney-ct-two-class --patients 10 --slices 1-1 --seed 12",
      "nefro synthesize --out kidney-ct-four-class --patients 20 --slices 1-1 --seed 13 --classes Normal,Cyst,Stone,Tumor",
    ],
    "nefro pipeline --write-dvc-yaml": ["sed -i 's|source_URL:.*|source_URL: hospital|' config/config.yaml"],
    "nefro runs sync --dry-run": [mlflow],
    // A gate that so small a hospital passes, and a model to be registered: the last one's split was leaky.
    "nefro models register --name kidney --note 'first one with a locked test set'": [
      "printf 'metrics: {auc: {value_at_least: 0}}\\nagainst_champion: any\\n' >config/promotion.yaml",
      "nefro pipeline --source hospital --set EPOCHS=2",
    ],
    "nefro models rollback kidney --reason 'it refers too much'": [
      "nefro pipeline --source hospital --set EPOCHS=4", "nefro models register", "nefro models promote kidney:2",
    ],
    "nefro models rollback kidney --reason 'recalled'": ["nefro models promote kidney:2"],
    // One that no registered model comes from.
    "nefro runs delete RUN": ["nefro prepare", "nefro train"],
    "curl http://127.0.0.1:8080/readyz": ["nefro serve"],
  ]

  private static let mlflow =
    "mlflow server --backend-store-uri sqlite:///mlflow.db --artifacts-destination ./artifacts"
    + " --default-artifact-root mlflow-artifacts:/"

  /// A document that is read in a project of its own, with all its lines: DVC wants a repository without a history.
  static let projects = [
    "docs/dvc.md": """
    mkdir -p ~/dvc/config && cd ~/dvc && sed 's/224, 224/64, 64/' "$CHECKOUT/params.yaml" >params.yaml &&
      cp "$CHECKOUT/config/config.yaml" config && cp -r ~/nefro-try/hospital .
    """
  ]

  /// Lines that rightly end with another code than 0, and what they say then.
  static let refusals = [
    "nefro runs delete 3f2a": (code: Int32(1), says: "Add --yes"),
    "nefro runs delete RUN": (code: Int32(1), says: "Add --yes"),
  ]

  /// Lines that go on until they are told to end: where each tells that it is ready, and the variable of its address.
  static let servers = [
    (start: "nefro serve", health: "/readyz", variable: "NEFRO"),
    (start: "mlflow server", health: "/health", variable: "MLFLOW"),
  ]

  /// Programs of others by the environment that `scripts/test` makes for them. A line that needs one is skipped where it
  /// is missing, which is said.
  static let tools = [("dvc ", "dvc"), ("mlflow ", "mlflow"), ("nefro runs sync", "mlflow")]

  /// What lines above call: the latest runs with curves, and the latest token that is valid.
  static let functions = """
    run() { nefro runs list --filter 'kind = pipeline or kind = train' | awk -v row="$1" 'NR == row + 1 { print $1 }'; }
    token() { nefro tokens list | awk '$NF == "valid" { last = $1 } END { print last }'; }
    free_port() {
      python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
    }
    """

  /// What is run for a line of a document.
  static func filled(_ line: String) -> String {
    lines[line] ?? words.reduce(line) { $0.replacing($1.0, with: $1.1) }
  }
}
