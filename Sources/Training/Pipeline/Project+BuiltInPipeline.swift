import Foundation

extension Project {
  /// The text of the built-in `dvc.yaml`, with this project's paths.
  var builtInPipeline: String {
    let data = shown(configuration.dataFolder), settings = shown(settingsFile)
    // Those of the report have a value in every params.yaml; the others have defaults, which DVC does not know.
    let ofReport = ParameterKey.report.map(\.name)
    func parameters(_ stage: PipelineStage) -> String {
      let keys = stage.parameterKeys
      let direct = keys.filter(ofReport.contains).map { "      - \($0)" }
      let base = stage == .prepareBaseModel ? [Self.baseKey] : []
      let others = ([Self.programKey] + base + keys.filter { !ofReport.contains($0) }).map { "          - \($0)" }
      return (direct + ["      - \(settings):"] + others).joined(separator: "\n")
    }
    func outputs(_ urls: [URL]) -> String { urls.map { "      - \(shown($0))" }.joined(separator: "\n") }
    return """
      # The four stages for DVC (dvc repro) and for nefro pipeline, which reads this file, too. Written by
      # nefro pipeline --write-dvc-yaml; docs/dvc.md tells what may be changed.
      stages:
        # Links to the program and to the stored weights, where DVC sees that one of them is another.
        \(PipelineDefinition.programStage):
          cmd: nefro pipeline --write-settings
          outs:
            - \(shown(programLink)):
                cache: false
            - \(shown(weightsLink)):
                cache: false

        # Every parameter with its default, the program's digest and that of the weights. What follows runs only if a
        # line that it depends on is another.
        \(PipelineDefinition.settingsStage):
          cmd: nefro pipeline --write-settings
          deps:
            - params.yaml
            - \(shown(programLink))
            - \(shown(weightsLink))
          outs:
            - \(settings)

        \(PipelineStage.dataIngestion.rawValue):
          cmd: nefro ingest
          params:
            - config/config.yaml:
                - data_ingestion
          outs:
      \(outputs(self.outputs(of: .dataIngestion)))

        \(PipelineStage.prepareBaseModel.rawValue):
          cmd: nefro prepare
          params:
      \(parameters(.prepareBaseModel))
          outs:
            - \(shown(configuration.prepareFolder))
      \(outputs(self.outputs(of: .prepareBaseModel).filter { !shown($0).hasPrefix(shown(configuration.prepareFolder) + "/") }))

        \(PipelineStage.training.rawValue):
          cmd: nefro train
          deps:
            - \(data)
            - \(shown(configuration.updatedBaseModel))
          params:
      \(parameters(.training))
          outs:
      \(outputs([configuration.trainedModel, configuration.trainedModelCopy, configuration.curves, divisionFile]))
          plots:
            - \(shown(configuration.history)):
                x: epoch

        \(PipelineStage.evaluation.rawValue):
          cmd: nefro evaluate
          deps:
            - \(data)
            - \(shown(configuration.trainedModel))
          params:
      \(parameters(.evaluation))
          outs:
      \(outputs([configuration.predictions, summaryFile, confusionFile]))
          metrics:
            - \(shown(configuration.scores)):
                cache: false
          plots:
            - \(shown(rocFolder)):
                x: false_positive_rate
                y: true_positive_rate

      plots:
        - loss:
            x: epoch
            y:
              \(shown(configuration.history)): [loss, val_loss]
        - accuracy:
            x: epoch
            y:
              \(shown(configuration.history)): [accuracy, val_accuracy]
        - confusion:
            template: confusion
            x: actual
            y:
              \(shown(confusionFile)): predicted

      """
  }
}
