// SPDX-License-Identifier: GPL-3.0-or-later
// What a page needs to stand on: an investigation without an engine, a selection, and the pictures of a small
// demo set.
#pragma once

#include "image_samples.h"
#include "investigation_samples.h"

#include "client/investigation.h"
#include "models/image_selection.h"
#include "pages/page.h"
#include "pages/review_desk.h"

#include <QVBoxLayout>
#include <QWidget>

namespace culprit::ui::samples {

inline const data::DemoSet& smallDemo()
{
    static const data::DemoSet demo = data::drawDemoSet({.train = 600, .test = 500});
    return demo;
}

/// As sampled, and with a second treatment that repairs less.
inline Findings twoTreatments()
{
    Findings made = findings(smallDemo());
    TreatmentReply other;
    other.split = *made.split;
    other.effect = effectOf(*made.data, *made.evaluation, *made.split, 6);
    other.effect.method = QStringLiteral("newton");
    other.effect.seconds = 184.0;
    other.effect.notes = {QStringLiteral("step size 0.3")};
    other.best = made.treatments.constFirst().effect.method;
    made.treatments << other;
    return made;
}

/// The repaired model answers as before.
inline Findings noChange()
{
    Findings made = findings(smallDemo());
    made.treatments[0].effect = effectOf(*made.data, *made.evaluation, *made.split, 10);
    auto& outcome = made.treatments[0].effect.outcome;
    outcome.fixed.clear();
    outcome.broken.clear();
    outcome.after = outcome.before;
    outcome.holdout = evaluation::wilson(0, made.split->holdout.size());
    for (auto& figures : outcome.perClass)
        figures.after = figures.before;
    made.treatments[0].control = made.treatments[0].effect;
    return made;
}

/// One training image is treated, one test image changes.
inline Findings oneImage()
{
    Findings made = noChange();
    made.cut = firstOfRanking(*made.identification, 1);
    made.treatments[0].effect.outcome.fixed = {made.split->holdout.constFirst()};
    made.curve.reset();
    return made;
}

inline Findings upToCauses()
{
    Findings made = findings(smallDemo());
    made.treatments.clear();
    made.curve.reset();
    return made;
}

/// As many images as asked for, all with scores, none with a picture.
inline Findings manyImages(qsizetype images)
{
    Findings made = upToCauses();
    OpenedPart& part = made.data->train;
    IdentificationReply& found = *made.identification;
    part.images = images;
    part.labels.resize(images);
    part.indices.resize(images);
    for (auto* column : {&found.influence, &found.suspicion, &found.culprit, &found.probability})
        column->resize(images);
    found.predicted.resize(images);
    found.suggested.resize(images);
    found.ranking.resize(images);
    for (qsizetype row = 0; row < images; ++row) {
        const float falling = 1.0F - static_cast<float>(row) / static_cast<float>(images);
        part.labels[row] = static_cast<std::int32_t>(row % 10);
        part.indices[row] = row;
        found.influence[row] = falling * 4;
        found.suspicion[row] = falling;
        found.culprit[row] = falling * 8;
        found.probability[row] = falling * falling;
        found.predicted[row] = static_cast<std::int32_t>((row + 1) % 10);
        found.suggested[row] = found.predicted.at(row);
        found.ranking[row] = row;
    }
    made.cut = firstOfRanking(found, images / 40);
    return made;
}

inline Findings upToFailures()
{
    Findings made = upToCauses();
    made.identification.reset();
    made.cut = {};
    return made;
}

template <typename PageType>
class Stage : public QWidget {
public:
    explicit Stage(const QStringList& engineCommand = {})
        : pictures(smallDemo()), investigation(&engine), review(&investigation),
          desk(&review, &selection, &keys),
          page(new PageType(Workplace{&investigation, &selection, &pictures, &desk}, this))
    {
        if (!engineCommand.isEmpty()) {
            engine.setCommand(engineCommand);
            engine.start();
        }
        auto* column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, 0, 0);
        column->addWidget(page);
    }

    ~Stage() override { delete page; }

    template <typename T = QWidget>
    T* part(const char* name) const
    {
        return findChild<T*>(QString::fromLatin1(name));
    }

    EngineClient engine;
    ImageSelection selection;
    DemoSource pictures;
    Investigation investigation;
    Review review;
    ReviewKeys keys;
    ReviewDesk desk;
    PageType* page;
};

} // namespace culprit::ui::samples
