// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/peers/load_server.h"

#include "tests/support/sample_mix.h"

#include <algorithm>
#include <arpa/inet.h>
#include <format>
#include <microhttpd.h>

namespace watchfire::bench {

struct LoadAnswer {
    static MHD_Result give(void* server, MHD_Connection* connection, const char* /*path*/,
                           const char* /*method*/, const char* /*version*/, const char* /*data*/,
                           std::size_t* /*length*/, void** /*state*/)
    {
        auto& load = *static_cast<LoadServer*>(server);
        const auto second = std::chrono::duration_cast<std::chrono::seconds>(
                                std::chrono::steady_clock::now() - load.m_begin)
                                .count();
        std::string& body = load.m_bodies[static_cast<std::size_t>(second) % load.m_bodies.size()];
        MHD_Response* const response
            = MHD_create_response_from_buffer(body.size(), body.data(), MHD_RESPMEM_PERSISTENT);
        MHD_add_response_header(response, "Content-Type", "text/plain; version=0.0.4");
        const MHD_Result queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
        MHD_destroy_response(response);
        ++load.m_answers;
        return queued;
    }
};

LoadServer::LoadServer(std::size_t series, std::size_t seconds)
    : m_series(series / 100 * 100)
    , m_bodies(seconds)
{
    const auto classes = testing::SampleMix(series / 100, seconds).make();
    for (std::size_t kind = 0; kind < classes.size(); ++kind) {
        for (std::size_t number = 0; number < classes[kind].series.size(); ++number) {
            const bool isFirst = number % 10 == 0;
            const std::string family = std::format("bench_service_{}_{}_total", kind, number / 10);
            const std::string name = std::format(
                R"({}{{method="get",path="/api/v1/things/{}",code="200"}} )", family, number % 10);
            for (std::size_t second = 0; second < seconds; ++second) {
                std::string& body = m_bodies[second];
                if (isFirst) {
                    body += std::format("# HELP {} Things of this kind done so far.\n"
                                        "# TYPE {} untyped\n",
                                        family, family);
                }
                body += name;
                body += std::format("{}\n", classes[kind].series[number][second]);
            }
        }
    }
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    m_daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, nullptr, nullptr,
                                &LoadAnswer::give, this, MHD_OPTION_SOCK_ADDR, &address,
                                MHD_OPTION_CONNECTION_LIMIT, 2'000U, MHD_OPTION_END);
    if (m_daemon != nullptr) {
        m_port = MHD_get_daemon_info(m_daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    }
}

LoadServer::~LoadServer()
{
    if (m_daemon != nullptr) {
        MHD_stop_daemon(m_daemon);
    }
}

std::string LoadServer::configuration(std::size_t targets) const
{
    std::string text = "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n"
                       "scrape_configs:\n  - job_name: bench\n    static_configs:\n";
    for (std::size_t target = 0; target < targets; ++target) {
        text += std::format("      - targets: ['127.0.0.1:{}']\n"
                            "        labels: {{__metrics_path__: /t/{}, instance: 't{}'}}\n",
                            m_port, target, target);
    }
    return text;
}

} // namespace watchfire::bench
