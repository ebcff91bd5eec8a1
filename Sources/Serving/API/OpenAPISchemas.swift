/// The shapes of what goes in and comes out. A test holds real answers against them.
enum OpenAPISchemas {
  static let json = """
    {
      "Problem": {
        "type": "object",
        "properties": {
          "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
          "code": {"type": "string"}, "detail": {"type": "string"}, "request_id": {"type": "string"}
        },
        "required": ["type", "title", "status", "code", "detail"], "additionalProperties": false
      },
      "PictureRequest": {
        "type": "object",
        "properties": {
          "image": {"type": ["string", "null"], "description": "JPEG or PNG in base64, or a data: URL of it."},
          "images": {"type": ["array", "null"], "items": {"type": "string"}},
          "study": {"type": ["boolean", "null"]}
        }
      },
      "Model": {
        "type": "object",
        "properties": {
          "name": {"type": "string"}, "version": {"type": "string"},
          "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"}, "leakage": {"type": "string"}
        },
        "required": ["name", "digest"], "additionalProperties": false
      },
      "Decision": {"type": "string", "enum": ["answered", "uncertain", "not_kidney_ct"]},
      "Prediction": {
        "type": "object",
        "properties": {
          "id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
          "position": {"type": "integer", "minimum": 0},
          "label": {"type": "string"},
          "probabilities": {
            "type": "object", "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1}
          },
          "confidence": {"type": "number", "minimum": 0, "maximum": 1},
          "decision": {"$ref": "#/components/schemas/Decision"},
          "reason": {"type": "string"},
          "calibrated": {"type": "boolean"},
          "operating_point": {
            "type": "object",
            "properties": {
              "positive_class": {"type": "string"}, "probability": {"type": "number"}, "rule": {"type": "string"}
            },
            "required": ["positive_class", "probability", "rule"], "additionalProperties": false
          },
          "model": {"$ref": "#/components/schemas/Model"},
          "preprocessing": {"type": "string"},
          "picture": {
            "type": "object",
            "properties": {
              "format": {"type": "string", "enum": ["jpeg", "png"]},
              "width": {"type": "integer", "minimum": 1}, "height": {"type": "integer", "minimum": 1},
              "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}
            },
            "required": ["format", "width", "height", "sha256"], "additionalProperties": false
          },
          "study": {"type": "string"},
          "time": {"type": "string", "format": "date-time"},
          "milliseconds": {"type": "number", "minimum": 0},
          "notice": {"type": "string"}
        },
        "required": [
          "id", "position", "label", "probabilities", "confidence", "decision", "reason", "calibrated", "model",
          "preprocessing", "picture", "time", "milliseconds", "notice"
        ],
        "additionalProperties": false
      },
      "Study": {
        "type": "object",
        "properties": {
          "id": {"type": "string"}, "pictures": {"type": "integer"}, "answered": {"type": "integer"},
          "uncertain": {"type": "integer"}, "not_kidney_ct": {"type": "integer"}, "failed": {"type": "integer"},
          "finding": {"type": "string"},
          "suspicious": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "id": {"type": "string"}, "position": {"type": "integer"},
                "probability": {"type": "number", "minimum": 0, "maximum": 1},
                "decision": {"$ref": "#/components/schemas/Decision"}
              },
              "required": ["id", "position", "probability", "decision"], "additionalProperties": false
            }
          },
          "rule": {"type": "string"}, "notice": {"type": "string"}
        },
        "required": [
          "id", "pictures", "answered", "uncertain", "not_kidney_ct", "failed", "finding", "suspicious", "rule",
          "notice"
        ],
        "additionalProperties": false
      },
      "PredictionResponse": {
        "type": "object",
        "properties": {
          "predictions": {"type": "array", "items": {"$ref": "#/components/schemas/Prediction"}},
          "failures": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "position": {"type": "integer"}, "problem": {"$ref": "#/components/schemas/Problem"}
              },
              "required": ["position", "problem"], "additionalProperties": false
            }
          },
          "study": {"$ref": "#/components/schemas/Study"}
        },
        "required": ["predictions", "failures"], "additionalProperties": false
      },
      "PredictionPage": {
        "type": "object",
        "properties": {
          "predictions": {"type": "array", "items": {"$ref": "#/components/schemas/Prediction"}},
          "feedback": {
            "type": "array", "items": {"$ref": "#/components/schemas/Feedback"},
            "description": "What persons said of these results, the oldest first; left out where nobody did."
          },
          "next": {"type": "integer"}
        },
        "required": ["predictions"], "additionalProperties": false
      },
      "FeedbackRequest": {
        "type": "object",
        "properties": {
          "verdict": {"type": "string", "enum": ["agree", "disagree"]},
          "label": {"type": ["string", "null"]},
          "note": {"type": ["string", "null"], "maxLength": 500, "description": "It must not name a patient."}
        },
        "required": ["verdict"]
      },
      "Feedback": {
        "type": "object",
        "properties": {
          "id": {"type": "integer"}, "prediction": {"type": "string"},
          "verdict": {"type": "string", "enum": ["agree", "disagree"]},
          "label": {"type": "string"}, "note": {"type": "string"}, "by": {"type": "string"},
          "time": {"type": "string", "format": "date-time"}
        },
        "required": ["id", "prediction", "verdict", "by", "time"], "additionalProperties": false
      },
      "FeedbackList": {
        "type": "object",
        "properties": {"feedback": {"type": "array", "items": {"$ref": "#/components/schemas/Feedback"}}},
        "required": ["feedback"], "additionalProperties": false
      },
      "FeedbackTable": {
        "type": "object",
        "properties": {
          "feedback": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "feedback": {"$ref": "#/components/schemas/Feedback"},
                "predicted_label": {"type": "string"}, "decision": {"$ref": "#/components/schemas/Decision"},
                "probabilities": {
                  "type": "object", "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1}
                },
                "model": {"type": "string"}
              },
              "required": ["feedback", "predicted_label", "decision", "probabilities", "model"],
              "additionalProperties": false
            }
          },
          "next": {"type": "integer"}
        },
        "required": ["feedback"], "additionalProperties": false
      },
      "ModelList": {
        "type": "object",
        "properties": {
          "serving": {"$ref": "#/components/schemas/Model"},
          "classes": {"type": "array", "items": {"type": "string"}},
          "registered": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "version": {"type": "object"}, "aliases": {"type": "array", "items": {"type": "string"}}
              },
              "required": ["version", "aliases"], "additionalProperties": false
            }
          }
        },
        "required": ["serving", "classes", "registered"], "additionalProperties": false
      },
      "ModelChange": {
        "type": "object",
        "properties": {
          "changed": {"type": "boolean"}, "before": {"$ref": "#/components/schemas/Model"},
          "serving": {"$ref": "#/components/schemas/Model"}
        },
        "required": ["changed", "before", "serving"], "additionalProperties": false
      },
      "TrainingRequest": {
        "type": "object",
        "properties": {
          "parameters": {
            "type": ["object", "null"], "additionalProperties": {"type": "string"},
            "description": "Set over params.yaml for this training alone."
          },
          "resume": {"type": ["boolean", "null"]}
        }
      },
      "TrainingJob": {
        "type": "object",
        "properties": {
          "id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
          "state": {"type": "string", "enum": ["running", "finished", "failed", "cancelled", "interrupted"]},
          "parameters": {"type": "object", "additionalProperties": {"type": "string"}},
          "resumes": {"type": "boolean"}, "by": {"type": "string"},
          "started": {"type": "string", "format": "date-time"}, "ended": {"type": "string", "format": "date-time"},
          "run": {"type": "string"}, "lines": {"type": "array", "items": {"type": "string"}}
        },
        "required": ["id", "state", "parameters", "resumes", "by", "started", "lines"], "additionalProperties": false
      },
      "RunList": {
        "type": "object",
        "properties": {"runs": {"type": "array", "items": {"type": "object"}}, "total": {"type": "integer"}},
        "required": ["runs", "total"], "additionalProperties": false
      },
      "Run": {"type": "object", "properties": {"run": {"type": "object"}}, "required": ["run"]},
      "Curves": {
        "type": "object",
        "properties": {
          "curves": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "metric": {"type": "string"}, "steps": {"type": "array", "items": {"type": "integer"}},
                "values": {
                  "type": "array",
                  "items": {"anyOf": [{"type": "number"}, {"type": "string", "enum": ["NaN", "Infinity", "-Infinity"]}]}
                }
              },
              "required": ["metric", "steps", "values"], "additionalProperties": false
            }
          }
        },
        "required": ["curves"], "additionalProperties": false
      }
    }
    """
}
