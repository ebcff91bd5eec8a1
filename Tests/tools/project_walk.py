"""Walks through what a project's pages show, in headless Chromium: runs, models, promotion, the ladder and trainings.

    python project_walk.py --url http://127.0.0.1:8080 --token nefro_... --project FOLDER [--shots FOLDER]

An administrator's token. The project has a ladder, two registered versions `kidney:1` and `kidney:2` with their scores, none of
them champion, and parameters with which a training takes some ten seconds. Its gate is written by the walk.
"""

import pathlib
import re

from page_walk import Walk, arguments, finish
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select


class ProjectWalk(Walk):
    provoked = r"/promote.* 409 |/runs\?.* 400 |models/card.* 404 |/jobs.* 4(00|09) "

    def __init__(self, options):
        super().__init__(options)
        self.gate = options.project / "config/promotion.yaml"

    def text(self, selector):
        return self.on_moving_page(lambda: self.find(selector).text, selector)

    def shown(self, path, what, ready="#rows tr"):
        self.open(path)
        self.until(lambda: self.all(ready), what)

    # Runs

    def runs(self):
        self.shown("/runs", "runs are listed")
        everything = len(self.all("#rows tr"))
        self.judge("project-runs")
        self.find("#filter").send_keys("kind = evaluate", Keys.ENTER)
        self.until(lambda: 0 < len(self.all("#rows tr")) < everything, "a filter leaves fewer")
        self.expect(
            all(re.search(r"\d\.\d{3}\s\(\d\.\d{3}–\d\.\d{3}\)|no interval", one.text) for one in self.all("#rows td.number")[:1]),
            "figures stand with their intervals")
        Select(self.find("#sort")).select_by_value("auc")
        self.until(lambda: "of" in self.text("#status"), "sorted")
        self.find("#filter").clear()
        self.find("#filter").send_keys("auc >", Keys.ENTER)
        self.until(lambda: "not understood" in self.text("#status"), "a filter that makes no sense is told")
        self.judge("project-runs-bad-filter")
        self.shown("/runs", "runs are listed")
        boxes = self.all("#rows input[type=checkbox]")
        self.expect(not self.find("#compare").is_enabled(), "one cannot compare nothing")
        for box in boxes[:2]:
            box.click()
        self.find("#compare").click()
        self.until(lambda: self.all("#comparison tbody tr"), "two runs beside each other")
        self.judge("project-runs-compared")
        self.find("#filter").send_keys("kind = train", Keys.ENTER)
        self.until(
            lambda: self.all("#rows tr") and all("training" in one.text for one in self.all("#rows tr")), "trainings")
        self.find("#rows a").click()
        self.until(lambda: len(self.all("#run .curve svg")) >= 2, "a training's curves")
        self.judge("project-run")

    # The ladder

    def ladder(self):
        self.shown("/ladder", "the ladder", ".document section")
        rungs = self.all(".document table")[0].find_elements(By.CSS_SELECTOR, "tbody tr")
        self.expect(len(rungs) == 3, "three rungs")
        for rung in rungs:
            figures = re.findall(r"\d\.\d{3} \((?:\d\.\d+ to [\d.>]+|no interval[^)]*)\)", rung.text)
            self.expect(len(figures) == 3, f"each figure of a rung has its interval or says why not: {rung.text}")
        self.expect(self.all(".document svg.nefro-chart"), "the rungs are drawn")
        self.judge("project-ladder")

    # Models

    def open_version(self, number):
        self.shown(f"/models/kidney/{number}", "a version's events", "#events tr")

    def card(self):
        self.shown("/models", "versions are listed")
        self.expect(len(self.all("#rows tr")) == 2, "both versions")
        self.until(lambda: re.match(r"\d\.\d{3}", self.all("#rows td.number")[0].text), "each with its AUC")
        self.judge("project-models")
        self.find("a[href='/models/kidney/1']").click()
        self.until(lambda: self.all("#events tr"), "a version's page")
        charts = [one.get_attribute("aria-label") for one in self.all(".document svg.nefro-chart")]
        for wanted in ["ROC curve", "Reliability", "Confusion matrix"]:
            self.expect(any(wanted in one for one in charts), f"a chart '{wanted}': {charts}")
        self.expect("Research use only" in self.text(".document"), "the card says what it is for")
        self.judge("project-version")

    def promote(self, number):
        self.open_version(number)
        self.find("#actions button").click()
        self.until(lambda: self.find("#promotion").is_displayed(), "the page asks first")
        self.expect(
            self.driver.switch_to.active_element.get_attribute("id") == "promotion-no", "Enter alone promotes nothing")
        self.judge(f"project-promotion-{number}")
        self.find("#promotion-yes").click()
        self.until(lambda: self.all("#findings li"), "what the gate found")
        self.expect(
            self.driver.execute_script("return document.activeElement.matches('.findings')"), "the focus is on it")

    def promotions(self):
        self.gate.write_text("metrics: {auc: {value_at_least: 0}}\nagainst_champion: any\n")
        self.promote(1)
        self.until(lambda: "champion" in self.text("#aliases"), "it is champion")
        self.expect("passed the gate" in self.text("#findings"), "the page says that it passed")
        self.expect(not self.all("#actions button"), "a champion is not promoted again")
        self.judge("project-promoted")
        self.gate.write_text("metrics: {auc: {value_at_least: 1.5}}\nagainst_champion: any\n")
        self.promote(2)
        self.expect("at least 1.500" in self.text("#findings .failed"), "the reason of the refusal")
        self.expect("stays the same" in self.text("#status"), "who answers stays")
        self.expect(not self.all("#aliases .answered"), "it is not champion")
        self.until(lambda: "Refused" in self.text("#events"), "the refusal is in its history")
        self.judge("project-refused")
        self.shown("/models", "versions are listed")
        self.expect(self.find("#rows tr:last-child .chip.answered").text == "champion", "the champion is marked")

    # Trainings

    def training(self):
        self.open("/training")
        self.until(lambda: self.find("#nothing").is_displayed(), "no training yet")
        self.judge("project-training-empty")
        # More epochs than anybody waits for: it is cancelled, and its end is set nearer when it goes on.
        self.find("#parameters").send_keys("EPOCHS=5000\nBATCH_SIZE=8")
        self.find("#start button.primary").click()
        self.until(lambda: self.find("#live").is_displayed(), "the training is watched")
        self.until(lambda: re.match(r"Epoch [2-9]|Epoch \d\d", self.text("#epoch-text")), "its epochs are seen as they end")
        self.expect(self.text("#rows .chip") == "Runs", "it runs")
        self.until(lambda: len(self.all("#curves polyline")) >= 2, "its curves are drawn while it runs")
        def points():
            return len(self.find("#curves polyline").get_attribute("points"))

        before = self.on_moving_page(points, "a curve")
        self.until(lambda: points() > before, "and grow")
        self.judge("project-training-live")
        # A second one must wait.
        self.find("#start button.primary").click()
        self.until(lambda: "A training runs already" in self.text("#status"), "one at a time")
        self.find("#cancel").click()
        self.until(lambda: self.find("#rows .chip").text == "Cancelled", "it is cancelled")
        self.expect(not self.find("#cancel").is_displayed(), "what has ended is not cancelled")
        self.judge("project-training-cancelled")
        done = int(re.search(r"\d+", self.text("#epoch-text")).group())
        self.find("#parameters").clear()
        self.find("#parameters").send_keys(f"EPOCHS={done + 30}\nBATCH_SIZE=8")
        self.find("#resume").click()
        self.until(lambda: len(self.all("#rows tr")) == 2 and self.text("#epoch-text"), "it goes on")
        first = int(re.search(r"Epoch (\d+)/", self.text("#log")).group(1))
        self.expect(done <= first <= done + 2, f"from where it was: after epoch {done} comes {first}")
        self.until(lambda: self.find("#rows .chip").text == "Finished", "to its end")
        self.until(lambda: self.all("#rows tr:first-child a"), "its run is linked")
        self.judge("project-training-finished")
        self.on_moving_page(lambda: self.find("#rows tr:first-child a").click(), "the link of its run")
        self.until(lambda: len(self.all("#run .curve svg")) >= 2, "the curves of its run")

    # Spanish

    def spanish(self):
        self.open("/")
        self.language("es")
        self.open_version(2)
        self.until(lambda: "no cumple: auc es " in self.text("#events"), "the gate's findings are told in Spanish")
        self.expect("se pide al menos 1.500" in self.text("#events"), "with what was asked for")
        self.expect("Curva ROC" in [one.get_attribute("aria-label") for one in self.all(".document svg.nefro-chart")][0],
                    "the card is in Spanish")
        self.shown("/ladder", "the ladder", ".document section")
        self.expect("División al azar" in self.text(".document"), "the ladder is in Spanish")
        self.shown("/runs", "runs are listed")
        self.expect("exactitud equilibrada" in self.text("#head"), "figures have their Spanish names")
        self.expect("balanced_accuracy" in self.text("#head"), "beside what filters call them")
        self.find("#filter").send_keys("auc >", Keys.ENTER)
        self.until(lambda: "no se entiende" in self.text("#status"), "a wrong filter is told in Spanish")
        self.open("/training")
        self.until(lambda: self.all("#rows .chip"), "trainings")
        self.expect({one.text for one in self.all("#rows .chip")} == {"Terminado", "Cancelado"}, "states are told in Spanish")
        self.find("#parameters").send_keys("1=2")
        self.find("#start button.primary").click()
        self.until(lambda: "cifras y «_»" in self.text("#status"), "what is wrong with a parameter, in Spanish")

    def every_look(self):
        pages = {
            "runs": ("/runs", "#rows tr"), "models": ("/models", "#rows tr"), "version": ("/models/kidney/1", "#events tr"),
            "ladder": ("/ladder", ".document section"), "training": ("/training", "#rows tr"),
        }
        for language in ["es", "en"]:
            self.size(1280, 900)
            self.open("/")
            if self.find("html").get_attribute("lang") != language:
                self.language(language)
            for width, height, device in [(1280, 900, "desk"), (390, 844, "phone")]:
                self.size(width, height, phone=device == "phone")
                for scheme in ["light", "dark"]:
                    self.colours(scheme)
                    for name, (path, ready) in pages.items():
                        self.shown(path, name, ready)
                        if name == "runs":
                            self.until(lambda: self.text("#status").strip(), "runs")
                        self.judge(f"project-{name}-{device}-{scheme}-{language}")
        self.size(1280, 900)
        self.colours("light")

    def go(self):
        self.size(1280, 900)
        self.colours("light")
        self.open("/sign-in")
        self.find("#token").send_keys(self.token, Keys.ENTER)
        self.until(lambda: self.all("#choose"), "signed in")
        self.runs()
        self.ladder()
        self.card()
        self.promotions()
        self.training()
        self.spanish()
        self.every_look()


def main():
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--project", type=pathlib.Path, required=True)
    finish(ProjectWalk(parser.parse_args()))


if __name__ == "__main__":
    main()
