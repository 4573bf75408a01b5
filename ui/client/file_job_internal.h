// SPDX-License-Identifier: GPL-3.0-or-later
// A file that comes in pieces, as one job.
#pragma once

#include "client/engine_job.h"
#include "client/engine_replies.h"

namespace culprit::ui {

class FileJob final : public ResultJob<QByteArray> {
public:
    explicit FileJob(QObject* parent) : ResultJob("export", parent) {}

protected:
    std::optional<protocol::Json> accept(const Value& value) override
    {
        const auto piece = std::static_pointer_cast<const FilePiece>(value);
        if (piece->offset == 0)
            m_content.clear(); // a restarted engine begins anew
        m_content += piece->bytes;
        if (m_content.size() < piece->total)
            return protocol::Json{{"offset", m_content.size()}};
        return ResultJob::accept(std::make_shared<const QByteArray>(std::move(m_content)));
    }

private:
    QByteArray m_content;
};

} // namespace culprit::ui
