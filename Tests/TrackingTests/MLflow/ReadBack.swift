import Foundation
import LoopbackServers

/// What MLflow's own Python client reads from a server.
struct ReadBack: Decodable {
  struct Point: Decodable, Hashable {
    var step: Int64
    var timestamp: Int64
    /// Python's text of it.
    var value: String
  }
  struct Run: Decodable {
    var id: String
    var name: String
    var status: String
    var start: Int64
    var end: Int64?
    var parameters: [String: String]
    var tags: [String: String]
    var metrics: [String: [Point]]
    /// Digests of what was downloaded, by path.
    var files: [String: String]
    /// Name, digest and context of each dataset.
    var datasets: [[String]]
  }
  struct Version: Decodable {
    var name: String
    var version: String
    var run: String
    var source: String
    var stage: String?
    var aliases: [String]
    var status: String
    var tags: [String: String]
  }

  var runs: [Run]
  var versions: [Version]

  init(_ experiment: String, from server: MLflowProcess) throws {
    let data = try server.python(Self.program, [server.uri, experiment])
    self = try JSONDecoder().decode(ReadBack.self, from: data)
  }

  private static let program = """
    import hashlib, json, os, sys, tempfile
    from mlflow.tracking import MlflowClient
    import mlflow
    uri, experiment = sys.argv[1:3]
    mlflow.set_tracking_uri(uri)
    client = MlflowClient(uri)
    found = client.get_experiment_by_name(experiment)
    runs, token = [], None
    while found:
        page = client.search_runs([found.experiment_id], max_results=500, page_token=token)
        runs += page
        token = page.token
        if not token:
            break
    def files(run):
        digests = {}
        with tempfile.TemporaryDirectory() as folder:
            if client.list_artifacts(run):
                local = client.download_artifacts(run, "", folder)
                for base, _, names in os.walk(local):
                    for name in names:
                        path = os.path.join(base, name)
                        with open(path, "rb") as file:
                            digests[os.path.relpath(path, local)] = hashlib.sha256(file.read()).hexdigest()
        return digests
    out = []
    for run in runs:
        info, data = run.info, run.data
        out.append({
            "id": info.run_id, "name": info.run_name, "status": info.status, "start": info.start_time,
            "end": info.end_time, "parameters": data.params, "tags": data.tags,
            "metrics": {key: [{"step": p.step, "timestamp": p.timestamp, "value": repr(p.value)}
                              for p in client.get_metric_history(info.run_id, key)] for key in data.metrics},
            "files": files(info.run_id),
            "datasets": [[i.dataset.name, i.dataset.digest, i.tags[0].value] for i in run.inputs.dataset_inputs]})
    ids = {run["id"] for run in out}
    versions = []
    for found in client.search_model_versions():
        if found.run_id in ids:
            v = client.get_model_version(found.name, found.version)
            versions.append({"name": v.name, "version": str(v.version), "run": v.run_id, "source": v.source,
                             "stage": v.current_stage, "aliases": list(v.aliases), "status": v.status,
                             "tags": v.tags})
    json.dump({"runs": out, "versions": versions}, sys.stdout)
    """
}
