# SPDX-FileCopyrightText: 2026 Watchfire contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What is installed, and the Debian package made of it.

# What is installed is built by name; the tests need not be.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
if(NOT TARGET watchfire OR NOT TARGET watchfirectl)
    return()
endif()
include(GNUInstallDirs)
install(TARGETS watchfire watchfirectl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES packaging/linux/watchfire.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES packaging/linux/io.github.watchfire.Watchfire.metainfo.xml
    DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
install(FILES packaging/linux/watchfire.service DESTINATION lib/systemd/user)
install(FILES packaging/linux/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/watchfire)
install(FILES resources/icons/watchfire.svg
    DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME watchfire)
set(CPACK_PACKAGE_VENDOR "Watchfire contributors")
set(CPACK_PACKAGE_CONTACT "Watchfire contributors <maintainers@watchfire.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Native desktop Prometheus")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Watchfire collects metrics of this machine and of programs in the network, stores
them, draws them, answers PromQL and raises desktop notifications when an alert
fires. It needs no configuration to begin, reads that of Prometheus, and serves
Prometheus' HTTP API where asked.")
set(CPACK_PACKAGE_HOMEPAGE_URL "https://watchfire.github.io")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# libsecret is loaded by QtKeychain when it is there: secrets then go to the desktop's keyring.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS
    "qt6-svg-plugins, qt6-wayland, qt6-translations-l10n, libsecret-1-0")
set(CPACK_STRIP_FILES ON)
include(CPack)
