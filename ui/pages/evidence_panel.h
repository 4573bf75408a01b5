// SPDX-License-Identifier: GPL-3.0-or-later
// The claim about the current image next to its evidence. Of a training image: the failures it pulls on and
// its nearest neighbours. Of a failure: the culprits behind it and the training images nearest to it. All
// pictures share one zoom, and a click on one makes it the current image.
#pragma once

#include "pages/evidence_query.h"
#include "pages/page.h"
#include "widgets/image_canvas.h"

#include <QWidget>

class QLabel;
class QScrollArea;
class QStackedLayout;

namespace culprit::ui {

class EvidenceBlock;
class EvidenceWords;

/// Follows the shared current image. It asks the engine only while it is visible, one question at a time, and
/// shows nothing of an image that is no longer the current one.
class EvidencePanel : public QWidget {
    Q_OBJECT

public:
    explicit EvidencePanel(const Workplace& workplace, QWidget* parent = nullptr);

    /// As shown; empty while no image is.
    QString claim() const;

Q_SIGNALS:
    void loupeRequested(const culprit::data::ImageId& id);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeClaim();
    QWidget* makeContents();
    void sizeImage();
    void connectAll();
    /// Shows the current image and asks for its evidence.
    void refresh();
    /// Where the cut moved: the words change, and a failure's culprits are others.
    void cutMoved();
    void followDecisions();
    QString standingOfTraining(const EvidenceWords& words) const;
    void showClaim();
    void ask();
    void showHint(const QString& hint);
    void showCulpritEvidence(const CulpritEvidence& evidence);
    void showFailureEvidence(const FailureEvidence& evidence);
    void showError(const QString& sentence);
    void showNeighbours(const RankedRows& neighbours, std::int32_t given);
    void zoomAll(const CanvasView& view);
    void dimTexts();
    QList<qint64> chosenCauses() const;
    const Findings& findings() const { return m_workplace.investigation->findings(); }
    bool isTraining() const { return m_shown && m_shown->part == data::Part::Train; }

    Workplace m_workplace;
    EvidenceQuery m_query;
    ThumbnailStore m_pictures; ///< Of the image itself, as it is.
    std::optional<data::ImageId> m_shown;
    qint64 m_row = -1; ///< Of m_shown.
    QStackedLayout* m_stack = nullptr;
    QLabel* m_hint;
    ImageCanvas* m_canvas;
    QLabel* m_name;
    QLabel* m_standing;
    QLabel* m_claim;
    EvidenceBlock* m_causes; ///< What argues: failures of a culprit, or culprits of a failure.
    EvidenceBlock* m_neighbours;
};

} // namespace culprit::ui
